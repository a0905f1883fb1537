import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';

import { OPEN_POLICY } from '../src/auth/open-policy.ts';
import { openStore } from '../src/mlmd/open.ts';
import { createLog } from '../src/observe.ts';
import { startGateway } from '../src/server.ts';
import { type Answer, post } from './harness.ts';
import { type Engine, startEngine } from './reference/engine.ts';
import { requireReference, tfxImdb } from './reference/require.ts';

const TIMEOUT_MS = 1_500;

/** Several calls on several levels, side by side. */
const QUERY = `{
  a: artifact(databaseId: "19") { producedBy { nodes { inputs { nodes { uri } } } } contexts { nodes { name } } }
  b: artifacts(first: 100) { nodes { producedBy { nodes { state } } } }
  c: contexts { nodes { parents { nodes { name } } } }
  d: executionTypes { nodes { name } }
}`;

/** A gateway over an engine that can be away, hang and come back on the same port. */
async function openFaulty() {
  const stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'modelgraph-test-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const sqlite = join(folder, 'store.sqlite');
  await copyFile(tfxImdb, sqlite);
  // Taken and given back, so that the gateway can start before its server does.
  const probe = await startEngine({ sqlite });
  const { port } = probe;
  await probe.stop();
  const { store } = await openStore({ mlmd: `127.0.0.1:${port}` });
  stack.defer(() => store.close());
  const options = {
    host: '127.0.0.1',
    port: 0,
    loopback: true,
    policy: OPEN_POLICY,
    timeoutMs: TIMEOUT_MS,
    log: createLog('silent'),
  };
  const gateway = await startGateway({ store, ...options });
  stack.defer(() => gateway.close());
  return {
    url: gateway.url,
    query: (): Promise<Answer> => post(gateway.url, { query: QUERY }),
    start: async (): Promise<Engine> => stack.use(await startEngine({ sqlite, port })),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function ready(url: string) {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Asks until the answer has no error; vitest's own limit bounds it. */
async function healed(query: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await query();
    if (!answer.errors) return answer;
    await sleep(50);
  }
}

function codes({ errors = [] }: Answer): unknown[] {
  return [...new Set(errors.map(({ extensions }) => extensions.code))];
}

describe.skipIf(requireReference())('a gateway whose MLMD server', () => {
  test('is away starts, says so, and heals by itself', async () => {
    await using faulty = await openFaulty();
    expect((await fetch(`${faulty.url}/healthz`)).status).toBe(200);
    expect(await ready(faulty.url)).toMatchObject({ status: 503, body: { code: 'BACKEND_UNAVAILABLE' } });
    const away = await faulty.query();
    expect(codes(away)).toEqual(['BACKEND_UNAVAILABLE']);
    expect(JSON.stringify(away)).not.toMatch(/127\.0\.0\.1|ECONN|grpc/i);

    const engine = await faulty.start();
    expect((await healed(faulty.query)).data.a.producedBy.nodes).toHaveLength(1);
    expect(await ready(faulty.url)).toEqual({ status: 200, body: { status: 'ready' } });

    await engine.stop();
    expect(codes(await faulty.query())).toEqual(['BACKEND_UNAVAILABLE']);
    await faulty.start();
    expect((await healed(faulty.query)).data.d.nodes).toHaveLength(10);
  });

  test('hangs answers one DEADLINE_EXCEEDED in time, stays alive, and heals by itself', async () => {
    await using faulty = await openFaulty();
    const engine = await faulty.start();
    await healed(faulty.query);
    await engine.pause();
    const begun = performance.now();
    const answers = await Promise.all([faulty.query(), faulty.query(), faulty.query()]);
    // Bounds the wait, and generously: without the deadline it would be for ever.
    expect(performance.now() - begun).toBeLessThan(TIMEOUT_MS + 10_000);
    for (const answer of answers) {
      expect(answer.data).toBeNull();
      expect(answer.errors).toHaveLength(1);
      expect(codes(answer)).toEqual(['DEADLINE_EXCEEDED']);
    }
    expect((await fetch(`${faulty.url}/healthz`)).status).toBe(200);
    expect(await ready(faulty.url)).toMatchObject({ status: 503, body: { code: 'DEADLINE_EXCEEDED' } });

    engine.resume();
    expect((await healed(faulty.query)).data.c.nodes).toHaveLength(20);
  });
});
