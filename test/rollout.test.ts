import { mkdtempDisposableSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { type Balancer, startBalancer } from './balancer.ts';
import { addressOf, type Running, start } from './process.ts';

const CLIENTS = 16;
const ROLLOUTS = 4;
const DRAIN_SECONDS = '2';

/** Restarts of both gateways, one after the other, as a Deployment that may not lack one has them. */
test('rolling restarts drop no request of clients that keep their connections', { timeout: 240_000 }, async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-rollout-'));
  await using processes = new AsyncDisposableStack();
  await using balancer = await startBalancer();
  const startOne = () => {
    const args = ['--port', '0', '--db', join(folder.path, 'x.db'), '--log-level', 'warn'];
    return processes.use(start(['serve', ...args, '--drain-seconds', DRAIN_SECONDS]));
  };
  let serving = [await ready(startOne(), balancer), await ready(startOne(), balancer)];
  const load = startLoad(balancer.url);
  for (let rollout = 0; rollout < ROLLOUTS; rollout += 1) {
    const before = load.answers();
    for (const old of serving) {
      const oldAddress = await addressOf(old);
      old.kill('SIGTERM');
      const [code, next] = await Promise.all([old.ended(), ready(startOne(), balancer)]);
      expect({ code, stderr: old.stderr }).toEqual({ code: 0, stderr: '' });
      balancer.remove(oldAddress);
      serving = [...serving.slice(1), next];
    }
    expect(load.answers()).toBeGreaterThan(before + CLIENTS);
  }
  expect(await load.stop()).toEqual([]);
});

test('a gateway that drains says so, answers all the same, and gives up its connections', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-rollout-'));
  await using gateway = start(['serve', '--port', '0', '--db', join(folder.path, 'x.db'), '--drain-seconds', '600']);
  const url = await addressOf(gateway);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  gateway.kill('SIGTERM');
  await gateway.seen(/"stopping"/);
  const [ready, healthy, query] = await Promise.all(
    ['readyz', 'healthz', 'graphql?query={__typename}'].map((path) =>
      fetch(`${url}/${path}`, { headers: { 'apollo-require-preflight': 'x' } }),
    ),
  );
  expect([ready?.status, await ready?.json()]).toEqual([503, { status: 'stopping' }]);
  expect([healthy?.status, query?.status]).toEqual([200, 200]);
  expect([ready, healthy, query].map((each) => each?.headers.get('connection'))).toEqual(Array(3).fill('close'));
});

async function ready(gateway: Running, balancer: Balancer): Promise<Running> {
  await balancer.add(await addressOf(gateway));
  return gateway;
}

/** Clients that ask without a pause, each on one connection that it keeps as long as it may. */
function startLoad(url: string) {
  const failures: string[] = [];
  let answers = 0;
  let stopping = false;
  const clients = Array.from({ length: CLIENTS }, async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!stopping) {
      const failure = await ask(url, agent);
      if (failure === undefined) answers += 1;
      else failures.push(failure);
    }
    agent.destroy();
  });
  return {
    answers: () => answers,
    /** What went wrong. */
    async stop() {
      stopping = true;
      await Promise.all(clients);
      return failures;
    },
  };
}

/** Never tried again; no answer but the right one counts. */
function ask(url: string, agent: Agent): Promise<string | undefined> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json' };
    const asking = request(`${url}/graphql`, { method: 'POST', agent, headers }, async (response) => {
      try {
        const text = (await response.setEncoding('utf8').toArray()).join('');
        resolve(text === '{"data":{"artifacts":{"nodes":[]}}}\n' ? undefined : `${response.statusCode} ${text}`);
      } catch (error) {
        resolve(String(error));
      }
    });
    asking.once('error', (error) => resolve(String(error)));
    asking.end('{"query":"{ artifacts { nodes { id } } }"}');
  });
}
