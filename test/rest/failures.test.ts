import { chmodSync, readFileSync, truncateSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';

import { OPEN_POLICY } from '../../src/auth/open-policy.ts';
import { openStore } from '../../src/mlmd/open.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { createLog } from '../../src/observe.ts';
import { startGateway } from '../../src/server.ts';
import { startEngine } from '../reference/engine.ts';
import { requireReference } from '../reference/require.ts';
import { openFolder } from '../store-file-rig.ts';
import { ask } from './ask.ts';
import { BASE } from './registry.ts';
import { IDS, seed } from './world.ts';

interface Operation {
  readonly requestBody?: {
    readonly content: { readonly 'application/json': { readonly schema: { readonly $ref: string } } };
  };
}

const { paths, components } = JSON.parse(readFileSync('docs/api/openapi.json', 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { example?: object; oneOf?: { $ref: string }[] }> };
};

describe.skipIf(requireReference())('every operation', () => {
  test.each([
    ['is a 503 to be tried again, while the store is away', 'stop', 503],
    ['is a 504, while the store hangs', 'pause', 504],
  ] as const)('%s', { timeout: 60_000 }, async (_what, trouble, expected) => {
    await using engine = await startEngine();
    const { store } = await openStore({ mlmd: `${engine.host}:${engine.port}` });
    await using _store = { [Symbol.asyncDispose]: () => store.close() };
    await using gateway = await openGateway(store, 1_500);
    expect((await ask(gateway.url, 'GET', `${BASE}/artifacts`)).status).toBe(200);
    await engine[trouble]();
    const answers = await Promise.all(
      requests().map(async ([method, path, body]) => {
        const { status, headers, json } = await ask(gateway.url, method, path, { body });
        return [`${method} ${path}`, status, headers.get('retry-after'), Object.keys(json as object)];
      }),
    );
    expect(answers).toHaveLength(56);
    const retry = expected === 503 ? '1' : null;
    expect(answers).toEqual(answers.map(([request]) => [request, expected, retry, ['code', 'message']]));
  });
});

describe('the embedded store', () => {
  test('that cannot be written is a 503 for every change; what is read goes on', async () => {
    using folder = openFolder();
    const file = folder.file('some.db');
    await filled(file);
    chmodSync(file, 0o444);
    await using opened = await openFile(file);
    for (const [method, path, body] of requests()) {
      const { status, headers, json } = await ask(opened.url, method, path, { body });
      if (method === 'GET') expect([200, 404], path).toContain(status);
      else {
        expect([method, path, status, headers.get('retry-after')]).toEqual([method, path, 503, '1']);
        expect(json).toEqual({ code: 'Service Unavailable', message: expect.stringMatching(/read-only/) });
      }
    }
  });

  test('that another process writes for long is a 503 to be tried again; what is read goes on', async () => {
    using folder = openFolder();
    const file = folder.file('some.db');
    await filled(file);
    await using opened = await openFile(file, 500);
    using other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const create = (name: string) => ask(opened.url, 'POST', `${BASE}/registered_models`, { body: { name } });
    const { status, headers, json } = await create('late');
    expect([status, headers.get('retry-after'), json]).toEqual([
      ...[503, '1'],
      { code: 'Service Unavailable', message: 'The store is busy with another writer; try again.' },
    ]);
    expect((await ask(opened.url, 'GET', `${BASE}/registered_models/1`)).status).toBe(200);
    other.exec('COMMIT');
    expect((await create('late')).status).toBe(201);
  });

  test('that has no time left is a 504', async () => {
    using folder = openFolder();
    const file = folder.file('some.db');
    await filled(file);
    await using opened = await openFile(file, 0);
    const answers = await Promise.all(
      requests().map(async ([method, path, body]) => {
        const { status, json } = await ask(opened.url, method, path, { body });
        return [`${method} ${path}`, status, (json as { code: string }).code];
      }),
    );
    expect(answers).toHaveLength(56);
    expect(answers).toEqual(answers.map(([request]) => [request, 504, 'Gateway Timeout']));
    await using after = await openFile(file);
    expect((await ask(after.url, 'GET', `${BASE}/registered_models`)).json, 'nothing was written').toMatchObject({
      size: 2,
    });
  });

  test('that is damaged is a 500 that tells nothing of the inside', async () => {
    using folder = openFolder();
    const file = folder.file('some.db');
    await filled(file);
    await using opened = await openFile(file);
    truncateSync(file, 4_096);
    for (const [method, path, body] of requests()) {
      const { status, json } = await ask(opened.url, method, path, { body });
      expect([method, path, status, json]).toEqual([
        ...[method, path, 500],
        { code: 'Internal Server Error', message: 'The store is damaged.' },
      ]);
    }
  });
});

async function openFile(file: string, timeoutMs = 30_000) {
  const { store } = await openStore({ db: file });
  const gateway = await openGateway(store, timeoutMs);
  return {
    url: gateway.url,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await store.close();
    },
  };
}

/** A file with the world in it, which nobody has open. */
async function filled(file: string): Promise<void> {
  await using opened = await openFile(file);
  await seed(opened.url);
}

async function openGateway(store: MetadataStore, timeoutMs: number) {
  const options = { host: '127.0.0.1', port: 0, loopback: true, policy: OPEN_POLICY, log: createLog('silent') };
  const gateway = await startGateway({ store, timeoutMs, ...options });
  return { url: gateway.url, [Symbol.asyncDispose]: () => gateway.close() };
}

/** A request that would be well, to each operation. */
function requests(): [method: string, path: string, body: object | undefined][] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, string, object | undefined] => {
      const url = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => IDS[name] ?? '1');
      const find = method === 'get' && !url.endsWith('s') && /\/[a-z_]+$/.test(url) ? '?externalId=x' : '';
      const reference = operation.requestBody?.content['application/json'].schema.$ref;
      return [method.toUpperCase(), `${url}${find}`, reference ? exampleOf(reference) : undefined];
    }),
  );
}

function exampleOf(reference: string): object {
  const component = components.schemas[reference.split('/').at(-1) ?? ''];
  const [first] = component?.oneOf ?? [];
  return component?.example ?? (first ? exampleOf(first.$ref) : {});
}
