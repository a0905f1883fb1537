import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** Milliseconds of some sort, most of which were no longer than this. */
export interface Delay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** A process of this folder, which tells something at its start and whenever it is asked. `await using` ends it. */
export interface Child<Started, Told> extends AsyncDisposable {
  readonly started: Started;
  ask(): Promise<Told>;
}

/** Starts a file of this folder. */
export async function startChild<Started, Told>(file: string, args: readonly string[]): Promise<Child<Started, Told>> {
  const child = fork(new URL(file, import.meta.url), args, { execArgv: [] });
  const exit = once(child, 'exit');
  return {
    started: await next<Started>(child),
    ask() {
      child.send('tell');
      return next<Told>(child);
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await exit;
    },
  };
}

async function next<Message>(child: ChildProcess): Promise<Message> {
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${child.spawnfile} has ended`)));
  const [message] = await Promise.race([once(child, 'message'), ended]);
  return message;
}
