import { randomUUID } from 'node:crypto';

import { outputOf, podman } from './containers.ts';

/** A container that runs. `await using` removes it. */
export interface Container extends AsyncDisposable {
  /** Resolves when its output has what matches. */
  seen(pattern: RegExp): Promise<RegExpExecArray>;
  /** Runs a command in it. */
  exec(...command: readonly string[]): ReturnType<typeof podman>;
  /** The result of the image's health check, run now: 0 where it is well. */
  health(): Promise<number | NodeJS.Signals>;
  /** The id of its first process, outside. */
  pid(): Promise<number>;
  /** Sends SIGTERM and waits for the end: the exit code, and all that it said. */
  stop(): Promise<{ readonly code: number; readonly output: string }>;
}

/** As Kubernetes' restricted pods are: nothing can be written outside of volumes, no right beyond the user's own. */
const RESTRICTED = [
  '--read-only',
  '--read-only-tmpfs=false',
  '--cap-drop',
  'all',
  '--security-opt',
  'no-new-privileges',
];

/** This kernel may not let us raise what podman would set by itself. */
export const LIMITS = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=4096:4096'];

const POLL_MS = 100;
const PATIENCE_MS = 60_000;

/** Runs the image with these options of podman's and these arguments. */
export async function runContainer(
  image: string,
  options: readonly string[],
  args: readonly string[],
): Promise<Container> {
  const name = `modelgraph-${randomUUID()}`;
  const remove = () => podman(['rm', '--force', '--volumes', '--time', '0', name]);
  const started = await podman([
    'run',
    '--detach',
    '--name',
    name,
    ...RESTRICTED,
    ...LIMITS,
    ...options,
    image,
    ...args,
  ]);
  if (started.code !== 0) await remove();
  outputOf(started);
  const inspect = async (field: string) => outputOf(await podman(['inspect', '--format', `{{${field}}}`, name]));
  const output = async () => {
    const { stdout, stderr } = await podman(['logs', name]);
    return stdout + stderr;
  };
  return {
    seen: (pattern) => seen(output, pattern),
    exec: (...command) => podman(['exec', name, ...command]),
    health: async () => (await podman(['healthcheck', 'run', name])).code,
    pid: async () => Number(await inspect('.State.Pid')),
    async stop() {
      outputOf(await podman(['stop', '--time', '30', name]));
      return { code: Number(await inspect('.State.ExitCode')), output: await output() };
    },
    async [Symbol.asyncDispose]() {
      outputOf(await remove());
    },
  };
}

async function seen(output: () => Promise<string>, pattern: RegExp): Promise<RegExpExecArray> {
  for (const start = performance.now(); ; await new Promise((resolve) => setTimeout(resolve, POLL_MS))) {
    const text = await output();
    const found = pattern.exec(text);
    if (found) return found;
    if (performance.now() - start > PATIENCE_MS) throw new Error(`waited too long for ${pattern}\n${text}`);
  }
}
