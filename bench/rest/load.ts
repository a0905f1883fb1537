import { strictEqual } from 'node:assert';
import { Agent, request } from 'node:http';

import { SMOKE } from '../rounds.ts';
import type { Sent } from './cases.ts';

/** Times of many runs, in milliseconds. */
export interface Load {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** The CPU time of this process, client and all, per run. */
  readonly cpu: number;
}

/** Requests, or calls, that one figure is made of. */
export const RUNS = SMOKE ? 3 : 600;

/** Does a work over and over, so many of it at once. */
export async function load(work: () => Promise<unknown>, atOnce: number): Promise<Load> {
  const times: number[] = [];
  const worker = async (runs: number) => {
    for (let run = 0; run < runs; run += 1) {
      const begin = performance.now();
      await work();
      times.push(performance.now() - begin);
    }
  };
  await worker(Math.ceil(RUNS / 10)); // warm
  times.length = 0;
  const before = process.cpuUsage();
  const begin = performance.now();
  await Promise.all(Array.from({ length: atOnce }, () => worker(Math.ceil(RUNS / atOnce))));
  const seconds = (performance.now() - begin) / 1_000;
  const { user, system } = process.cpuUsage(before);
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.floor(times.length * part)] ?? 0;
  return {
    perSecond: times.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    cpu: (user + system) / 1_000 / times.length,
  };
}

/** Sends a request on a connection of the agent's; gives the text of the answer, which has to be well. */
export function send(url: string, agent: Agent, [method, path, body]: Sent): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const headers =
    body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const outgoing = request(`${url}${path}`, { method, agent, headers }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const isWell = [200, 201].includes(response.statusCode ?? 0) && !text.startsWith('{"errors"');
      strictEqual(isWell, true, `${method} ${path}: ${response.statusCode} ${text.slice(0, 1_000)}`);
      resolve(text);
    });
  });
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}

/** Connections that stay open, so many of them. */
export function connections(count: number): Agent {
  return new Agent({ keepAlive: true, maxSockets: count });
}
