import { ok } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const TELL_CPU = fileURLToPath(new URL('tell-cpu.cjs', import.meta.url));

/** What a program took from its start to its end, in milliseconds, and what it wrote. */
export interface Took {
  readonly wall: number;
  readonly cpu: number;
  readonly stdout: string;
}

/** Runs Node with these arguments. Throws unless it ends well. */
export async function runOnce(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Took> {
  const begun = performance.now();
  const child = spawn(process.execPath, ['-r', TELL_CPU, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  const told = child.stdio[3];
  ok(child.stdout && told instanceof Readable);
  const [[code], stdout, cpu] = await Promise.all([once(child, 'exit'), text(child.stdout), text(told)]);
  const wall = performance.now() - begun;
  ok(code === 0, `${args.join(' ')} ended with ${code}`);
  return { wall, cpu: Number(cpu) / 1_000, stdout };
}

/** A gateway with demonstration data in a process of its own. `await using` ends it. */
export async function startDemo(main: string): Promise<AsyncDisposable & { readonly url: string }> {
  const child = spawn(process.execPath, [main, 'demo', '--port', '0', '--log-level', 'silent'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let said = '';
  for await (const part of child.stdout.setEncoding('utf8')) {
    said += part;
    const [, url] = /(http:\S+)\/graphql/.exec(said) ?? [];
    if (url === undefined) continue;
    return {
      url,
      async [Symbol.asyncDispose]() {
        child.kill();
        await ended;
      },
    };
  }
  throw new Error('the demonstration has ended');
}
