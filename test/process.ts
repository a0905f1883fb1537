import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** The project's own Node, as the README has it. */
export const projectNode = join(root, 'node_modules/.bin/node');

const MAIN = join(root, 'src/main.ts');

/** Milliseconds that a process may take to say or do what a test waits for; they only bound a hang. */
const PATIENCE_MS = 40_000;

/** A process that was started. `await using` kills it and all that it started. */
export interface Running extends AsyncDisposable {
  readonly stdout: string;
  readonly stderr: string;
  readonly pid: number | undefined;
  /** Whether it has ended. */
  readonly over: boolean;
  /** Resolves as soon as stdout or stderr has text that matches; rejects when the process ends without. */
  seen(pattern: RegExp): Promise<RegExpExecArray>;
  /** Its exit code, or the signal that killed it. */
  ended(): Promise<number | NodeJS.Signals>;
  kill(signal: NodeJS.Signals): void;
  /** The signal to it and all that it started, as a terminal does it. */
  killAll(signal: NodeJS.Signals): void;
}

/** How a process is started. */
export interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Flags of Node's own, before the program. */
  readonly flags?: readonly string[];
  /** The program in place of the project's command line. */
  readonly command?: readonly [string, ...string[]];
  readonly uid?: number;
  /** Milliseconds that bound a hang, for what takes longer than the project's own programs. */
  readonly patienceMs?: number;
}

/** Starts `modelgraph` with these arguments, or another program. */
export function start(args: readonly string[], options: ProcessOptions = {}): Running {
  const [file, ...first] = options.command ?? [projectNode, ...(options.flags ?? []), MAIN];
  const child = spawn(file, [...first, ...args], {
    cwd: options.cwd ?? root,
    env: { ...environment(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // leads a process group, so that nothing that it starts outlives the test
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  return watch(child, [file, ...first, ...args].join(' '), options.patienceMs ?? PATIENCE_MS);
}

/** A process that ran to its end. */
export interface Ended {
  readonly code: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `modelgraph` with these arguments to its end. */
export async function run(args: readonly string[], options: ProcessOptions = {}): Promise<Ended> {
  await using process = start(args, options);
  const code = await process.ended();
  return { code, stdout: process.stdout, stderr: process.stderr };
}

/** The base address of a gateway that was started, once it is ready. */
export async function addressOf(gateway: Running): Promise<string> {
  const [, url = ''] = await gateway.seen(/(http:\/\/\S+)\/graphql/);
  return url;
}

/** What stderr has, all of which has to be log lines in JSON. */
export function logLines(stderr: string): readonly Readonly<Record<string, unknown>>[] {
  return stderr
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Ours, without what Vitest adds for itself. */
function environment(): NodeJS.ProcessEnv {
  const ours = Object.entries(process.env).filter(([name]) => !/^(VITEST|VITE_|NODE_|npm_)/.test(name));
  return { ...Object.fromEntries(ours), PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` };
}

function watch(child: ChildProcess, name: string, patienceMs: number): Running {
  const output = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
      for (const look of waiting) look();
    });
  }
  const closed = once(child, 'close').then(([code, signal]): number | NodeJS.Signals => code ?? signal);
  const tell = (what: string) => new Error(`${what}: ${name}\n${output.stdout}\n${output.stderr}`);
  const bounded = <T>(promise: Promise<T>): Promise<T> => {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(tell('waited too long')), patienceMs);
    return Promise.race([promise, late.promise]).finally(() => clearTimeout(timer));
  };
  const abandon = () => killGroup(child, 'SIGKILL');
  process.once('exit', abandon);
  return {
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    pid: child.pid,
    get over() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    async seen(pattern) {
      const found = Promise.withResolvers<RegExpExecArray>();
      const look = () => {
        const match = pattern.exec(output.stdout) ?? pattern.exec(output.stderr);
        if (match) found.resolve(match);
      };
      waiting.add(look);
      look();
      closed.then(
        () => found.reject(tell(`ended without ${pattern}`)),
        (cause) => found.reject(cause),
      );
      return bounded(found.promise).finally(() => waiting.delete(look));
    },
    ended: () => bounded(closed),
    kill: (signal) => void child.kill(signal),
    killAll: (signal) => killGroup(child, signal),
    async [Symbol.asyncDispose]() {
      process.off('exit', abandon);
      abandon();
      await closed.catch(() => undefined);
    },
  };
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // There is none of the group left.
  }
}
