import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** A GraphQL server in a process of its own. `await using` ends it. */
export interface ServerProcess extends AsyncDisposable {
  /** The text of the answer to one request, over one connection that stays open. Throws unless it is 200. */
  post(body: string): Promise<string>;
  /** The operating system's id of the process. */
  readonly pid: number | undefined;
  /** The CPU time that the process has used so far, in microseconds. */
  cpu(): Promise<number>;
}

/** Starts a server: a file of this folder that calls `reportCpu` of measured-server.ts. */
export async function startServerProcess(file: string, args: readonly string[]): Promise<ServerProcess> {
  const child = fork(new URL(file, import.meta.url), args, { execArgv: [] });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const [url] = await once(child, 'message');
  const exit = once(child, 'exit');
  return {
    pid: child.pid,
    post: (body) => post(new URL(String(url)), agent, body),
    async cpu() {
      child.send('cpu');
      const [microseconds] = await once(child, 'message');
      return Number(microseconds);
    },
    async [Symbol.asyncDispose]() {
      agent.destroy();
      child.kill();
      await exit;
    },
  };
}

async function post(url: URL, agent: Agent, body: string): Promise<string> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const sent = request(url, { agent, method: 'POST', headers });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [Readable & { readonly statusCode?: number }];
  const answer = await text(response);
  if (response.statusCode !== 200) throw new Error(`${response.statusCode}: ${answer}`);
  return answer;
}
