import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve, sep } from 'node:path';

import { type Ended, type ProcessOptions, projectNode, type Running, run, start } from '../process.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Bounds a hang of npm or the compiler, which take seconds on a machine that has nothing else to do. */
export const PATIENCE_MS = 240_000;

/** What npm says of a tarball that it packed. */
export interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** The package, built and packed into a temporary folder. */
export interface Tarball extends Disposable {
  readonly folder: string;
  readonly packed: Packed;
}

/** Builds the package and packs it. What is generated has to be there. */
export async function packPackage(): Promise<Tarball> {
  const build = join(ROOT, 'tools/build-package.ts');
  await good(run([], { command: [projectNode, build], patienceMs: PATIENCE_MS }));
  using stack = new DisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'modelgraph-package-'));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const pack = ['pack', join(ROOT, 'dist/package'), '--json', '--pack-destination', folder];
  const { stdout } = await good(run(pack, { command: ['npm'], ...surroundings(folder) }));
  const packed = onlyOne(JSON.parse(stdout));
  const whole = stack.move();
  return { folder, packed, [Symbol.dispose]: () => whole.dispose() };
}

/** The tarball, installed in a folder of its own as a user does it. */
export interface Installed {
  readonly app: string;
  /** The folder for temporary files of what runs there. */
  readonly temporary: string;
  /** Starts a program by its name with the user's environment. */
  start(...command: readonly [string, ...string[]]): Running;
  run(...command: readonly [string, ...string[]]): Promise<Ended>;
}

/** How npm says that it could not reach a registry. */
const OFFLINE = /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|ENOTCACHED)\b/;

/** Installs the tarball with production dependencies alone and no script; why it cannot, where there is no registry. */
export async function installPackage({ folder, packed }: Tarball): Promise<Installed | string> {
  const app = join(folder, 'app');
  mkdirSync(app);
  mkdirSync(join(folder, 'tmp'));
  writeFileSync(join(app, 'package.json'), '{ "private": true, "type": "module" }\n');
  const options = { cwd: app, ...surroundings(folder) };
  const args = ['install', '--omit=dev', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  const { code, stderr } = await run([...args, join(folder, packed.filename)], { command: ['npm'], ...options });
  if (code !== 0 && OFFLINE.test(stderr)) return refuse('no package registry can be reached');
  if (code !== 0) throw new Error(`npm install ended with ${code}\n${stderr}`);
  return {
    app,
    temporary: join(folder, 'tmp'),
    start: (...command) => start([], { command, ...options }),
    run: (...command) => run([], { command, ...options }),
  };
}

/** Puts a program into the folder that uses the package; types of Node are among what was installed. */
export function addConsumer({ app }: Installed): void {
  copyFileSync(join(import.meta.dirname, 'consumer.ts'), join(app, 'consumer.ts'));
  const compilerOptions = { target: 'es2024', module: 'nodenext', strict: true, types: ['node'], skipLibCheck: false };
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
}

/** Our compiler, for whoever runs it elsewhere. */
export const compiler = [projectNode, join(ROOT, 'node_modules/typescript/bin/tsc')] as const;

/** The packages in the lock file of the folder, without the package itself. */
export function lockedPackages(file: string): readonly LockedPackage[] {
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as {
    packages: Readonly<Record<string, Omit<LockedPackage, 'path'>>>;
  };
  return Object.entries(packages)
    .map(([path, locked]) => ({ ...locked, path }))
    .filter(({ path, dev, optional }) => !['', 'node_modules/modelgraph'].includes(path) && !dev && !optional);
}

interface LockedPackage {
  readonly path: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
}

/** The user's environment: without our own programs on the path, and with temporary files where they can be counted. */
function surroundings(folder: string): ProcessOptions {
  const path = (process.env.PATH ?? '').split(delimiter).filter((each) => !each.includes(`node_modules${sep}.bin`));
  const npm = Object.entries(process.env).flatMap(([name, value]) =>
    OF_NPM.has(name) && value ? [[name, value]] : [],
  );
  return {
    patienceMs: PATIENCE_MS,
    env: { ...Object.fromEntries(npm), PATH: path.join(delimiter), TMPDIR: join(folder, 'tmp') },
  };
}

/** What of an npm around us counts for the npm inside: where packages come from. */
const OF_NPM: ReadonlySet<string> = new Set(['npm_config_registry', 'npm_config_cache', 'npm_config_userconfig']);

function refuse(reason: string): string {
  if (process.env.MODELGRAPH_TEST_REQUIRE === 'all') throw new Error(`MODELGRAPH_TEST_REQUIRE=all, but ${reason}`);
  return `skipped: ${reason}`;
}

async function good(running: Promise<Ended>): Promise<Ended> {
  const ended = await running;
  if (ended.code !== 0) throw new Error(`ended with ${ended.code}\n${ended.stdout}\n${ended.stderr}`);
  return ended;
}

/** npm gives a list, or since npm 11 may give an object by name. */
function onlyOne(answer: Readonly<Record<string, Packed>> | readonly Packed[]): Packed {
  const [one] = Object.values(answer);
  if (one === undefined) throw new Error('npm packed nothing');
  return one;
}
