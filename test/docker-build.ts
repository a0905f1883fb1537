import { execFile } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One instruction of a Dockerfile: `COPY`, and what follows it on its line, continued lines joined. */
export interface Instruction {
  readonly name: string;
  readonly args: string;
}

/** What stands from one FROM to the next. */
export interface Stage {
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

/** The stages of a Dockerfile; one without a name has its number. ARGs are filled in with their defaults. */
export function parseDockerfile(text: string): Stage[] {
  const lines = text.replace(/^#.*\n/gm, '').replaceAll(/\\\n\s*/g, '');
  const defaults = new Map(Array.from(lines.matchAll(/^ARG (\w+)=(\S+)$/gm), ([, name, value]) => [name, value]));
  const instructions = Array.from(lines.matchAll(/^([A-Z]+)\s+(.+)$/gm), ([, name = '', args = '']) => ({
    name,
    args: args.replaceAll(/\$\{(\w+)\}/g, (whole, arg) => defaults.get(arg) ?? whole),
  }));
  const starts = instructions.flatMap(({ name }, index) => (name === 'FROM' ? [index] : []));
  return starts.map((start, index) => ({
    name: /\bAS (\w+)$/.exec(instructions[start]?.args ?? '')?.[1] ?? String(index),
    instructions: instructions.slice(start, starts[index + 1]),
  }));
}

/** Says of a file of the repository whether .dockerignore lets it into a build: the last line that fits it counts. */
export function parseDockerignore(text: string): (path: string) => boolean {
  const rules = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return (path) => {
    const fits = (pattern: string) => pattern === '**' || `${path}/`.startsWith(`${pattern}/`);
    return rules.findLast((rule) => fits(rule.replace('!', '')))?.startsWith('!') ?? true;
  };
}

/** Where a build happens, and what it does in another way than a container would. */
export interface BuildOptions {
  /** A folder in which each stage gets its root. */
  readonly folder: string;
  /** What is run in place of a RUN line. */
  readonly instead: Readonly<Record<string, string>>;
  readonly env: NodeJS.ProcessEnv;
}

/** Carries out the WORKDIR, COPY and RUN lines of one stage with the stage's folder as its root. */
export async function buildStage({ name, instructions }: Stage, options: BuildOptions): Promise<void> {
  const root = join(options.folder, name);
  let cwd = root;
  for (const { name: step, args } of instructions) {
    if (step === 'WORKDIR') cwd = join(root, args);
    mkdirSync(cwd, { recursive: true });
    if (step === 'COPY') await copy(args, root, cwd, options.folder);
    if (step === 'RUN') await run('sh', ['-c', options.instead[args] ?? args], { cwd, env: options.env });
  }
}

async function copy(args: string, root: string, cwd: string, folder: string): Promise<void> {
  const words = args.split(/\s+/);
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const paths = words.filter((word) => !word.startsWith('--'));
  const target = paths.at(-1) ?? '';
  const to = target.startsWith('/') ? join(root, target) : join(cwd, target);
  mkdirSync(target.endsWith('/') ? to : posix.dirname(to), { recursive: true });
  for (const source of paths.slice(0, -1)) {
    if (from === undefined) await copyFromRepository(source, to, target.endsWith('/'));
    else await copyTree(join(folder, from, source), to, target.endsWith('/'));
  }
}

async function copyFromRepository(source: string, to: string, into: boolean): Promise<void> {
  const isAllowed = parseDockerignore(readFileSync('.dockerignore', 'utf8'));
  const exclude = ['node_modules', '.git', '.cache'];
  for (const file of globSync(source === '.' ? '**' : [source, `${source}/**`], { exclude })) {
    if (!isAllowed(file) || statSync(file).isDirectory()) continue;
    const inside = source === '.' ? file : posix.relative(source, file);
    const path = into ? join(to, basename(file)) : join(to, inside);
    mkdirSync(posix.dirname(path), { recursive: true });
    await run('cp', ['-a', file, path]);
  }
}

/** As Docker does: of a folder, what is in it. */
async function copyTree(from: string, to: string, into: boolean): Promise<void> {
  const isFolder = statSync(from).isDirectory();
  if (isFolder) mkdirSync(to, { recursive: true });
  await run('cp', ['-a', isFolder ? `${from}/.` : from, into ? `${to}/` : to]);
}
