import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';

import { standsStill } from '../stands-still.ts';
import { referencePython } from './require.ts';

/** A running C++ MLMD engine behind gRPC. `await using` stops it. */
export interface Engine extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Kills it without notice, stopped or not; resolves when it is gone. */
  stop(): Promise<void>;
  /** SIGSTOP: the kernel goes on accepting connections, and nobody speaks on them. Resolves when it stands still. */
  pause(): Promise<void>;
  /** SIGCONT. */
  resume(): void;
}

/** A SQLite file to serve (in memory without), and a port (any free one without). */
export interface EngineOptions {
  readonly sqlite?: string;
  readonly port?: number;
}

const SERVER = join(import.meta.dirname, 'mlmd_reference_server.py');

/** Starts the engine and waits until it serves. Throws with its last words if it ends before that. */
export async function startEngine({ sqlite, port = 0 }: EngineOptions = {}): Promise<Engine> {
  const flags = ['--port', String(port), '--die-with-parent', String(process.pid)];
  const file = sqlite === undefined ? [] : ['--sqlite', sqlite];
  const child = spawn(referencePython, [SERVER, ...flags, ...file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = stopper(child);
  try {
    return { host: '127.0.0.1', port: await servingPort(child), stop, ...signals(child), [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function stopper(child: ChildProcess): () => Promise<void> {
  const gone = once(child, 'exit').catch(() => undefined); // rejects where there is no such interpreter
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill); // where --die-with-parent cannot work
  return async () => {
    process.off('exit', kill);
    kill();
    await gone;
  };
}

function signals(child: ChildProcess) {
  return {
    async pause() {
      child.kill('SIGSTOP');
      while (!standsStill(child.pid)) await setTimeout(5);
    },
    resume: () => void child.kill('SIGCONT'),
  };
}

async function servingPort(child: ChildProcess): Promise<number> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the engine was started without pipes');
  let lastWords = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-2_000);
  });
  const started = Promise.withResolvers<number>();
  child.once('error', started.reject);
  child.once('exit', (code) => started.reject(new Error(`the engine ended with ${code}: ${lastWords}`)));
  createInterface(stdout).on('line', (line) => {
    const port = /^serving on .*:(\d+)$/.exec(line)?.[1];
    if (port !== undefined) started.resolve(Number(port));
  });
  return started.promise;
}
