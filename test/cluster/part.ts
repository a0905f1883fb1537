import { type Running, start as startProcess } from '../process.ts';
import { until } from './until.ts';

/** A server of a cluster. */
export interface Part {
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it, again on the same port; resolves when it answers. */
  start(): Promise<void>;
}

/** A {@link Part} that its owner may send signals to. */
export interface OwnPart extends Part, AsyncDisposable {
  signal(signal: NodeJS.Signals): void;
  readonly pid: number | undefined;
}

/** How a part is started, and how one sees that it answers. */
export interface PartOptions {
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  readonly answers?: () => Promise<boolean>;
}

/**
 * Starts a server that ends with this process, whatever ends that. Rejects with the server's last words where it ends
 * before it answers.
 */
export async function startPart(options: PartOptions): Promise<OwnPart> {
  let running: Running | undefined;
  const kill = async () => {
    await running?.[Symbol.asyncDispose]();
    running = undefined;
  };
  const start = async () => {
    await kill();
    running = await started(options);
  };
  await start();
  return {
    kill,
    start,
    signal: (signal) => running?.kill(signal),
    get pid() {
      return running?.pid;
    },
    [Symbol.asyncDispose]: kill,
  };
}

async function started({ command, env = {}, answers }: PartOptions): Promise<Running> {
  const process = startProcess(command, { command: ['setpriv', '--pdeathsig', 'KILL'], env });
  try {
    await until(`an answer of ${command[0]}`, async () => process.over || answers === undefined || (await answers()));
    if (process.over) throw new Error(`${command.join(' ')} ended: ${process.stderr.slice(-2_000)}`);
    return process;
  } catch (error) {
    await process[Symbol.asyncDispose]();
    throw error;
  }
}
