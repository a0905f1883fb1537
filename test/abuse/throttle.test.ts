import { status as grpcStatus } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';

import type { Policy } from '../../src/auth/policy.ts';
import { RegistryError } from '../../src/errors.ts';
import { storeForCallers } from '../../src/guard/store-for.ts';
import { OWN_LIMITS } from '../../src/limits/limits.ts';
import { createRpcThrottle } from '../../src/limits/rpc-throttle.ts';
import { serveMetadata } from '../../src/mlmd/serve.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { createLog } from '../../src/observe.ts';
import { startGateway } from '../../src/server.ts';
import { putArtifacts, putTypes } from '../fill.ts';
import { openHarness, post } from '../harness.ts';
import { rpcClient } from './rpc-client.ts';

/** So slow that a test never sees it fill. */
const SLOW = 1 / 3_600;

/** Callers are who their token says they are. */
const NAMED: Policy = {
  registry: 'modelgraph',
  authenticate: async ({ values }) => {
    const name = /^Bearer (\w+)$/.exec(values('authorization')[0] ?? '')?.[1];
    if (name === undefined || name === 'wrong') throw new RegistryError('UNAUTHENTICATED', 'Who are you?');
    return { name, groups: [], by: 'jwt' };
  },
};

const as = (name: string) => ({ authorization: `Bearer ${name}` });

const list = (first: number) => ({ query: `{ artifacts(first: ${first}) { nodes { uri } } }` });

async function fill(store: MetadataStore): Promise<void> {
  await putArtifacts(store, (await putTypes(store)).artifact, 30);
}

describe('the bucket of a caller', () => {
  const limits = { ...OWN_LIMITS, cost: { perSecond: SLOW, burst: 250 } };

  test('is charged for what was found, and told in the answer and its headers', async () => {
    await using harness = await openHarness({ fill, limits, policy: NAMED });
    const response = await fetch(`${harness.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...as('alice') },
      body: JSON.stringify(list(100)),
    });
    const { extensions } = (await response.json()) as { extensions: unknown };
    expect(extensions).toEqual({
      cost: { requested: 101, actual: 30, limit: 10_000, bucket: { burst: 250, left: 220, perSecond: SLOW } },
    });
    expect(response.headers.get('ratelimit-policy')).toBe('"cost";q=250;w=900000');
    expect(response.headers.get('ratelimit')).toBe('"cost";r=220;t=108000');
    // A list that says no size counts once; what it finds is charged all the same.
    const found = await post(harness.url, { query: '{ artifacts { nodes { uri } } }' }, as('alice'));
    expect(found).toMatchObject({ extensions: { cost: { requested: 2, actual: 20, bucket: { left: 200 } } } });
  });

  test('is charged for what walks look at', async () => {
    await using harness = await openHarness({ fill, limits, policy: NAMED });
    const of = Array.from({ length: 1_000 }, (_, index) => `artifact:${index + 1_000}`);
    const query = 'query ($of: [ID!]!) { lineage(of: $of) { nodes { label } } }';
    const { extensions } = (await post(harness.url, { query, variables: { of } }, as('alice'))) as unknown as {
      extensions: unknown;
    };
    expect(extensions).toMatchObject({ cost: { requested: 2, actual: 100 } });
  });

  test('refuses whom it has nothing left for, at GraphQL and at REST, and nobody else', async () => {
    await using harness = await openHarness({ fill, limits, policy: NAMED });
    for (const _ of [1, 2, 3, 4, 5]) expect((await post(harness.url, list(30), as('alice'))).status).toBe(200);
    // 100 are left.
    const answer = await fetch(`${harness.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...as('alice') },
      body: JSON.stringify(list(100)),
    });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(60);
    const { errors, ...rest } = (await answer.json()) as { errors: { extensions: unknown }[] };
    expect(errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    expect(rest).toEqual({});
    const rest429 = await fetch(`${harness.url}/api/model_registry/v1alpha3/registered_models?pageSize=100`, {
      headers: as('alice'),
    });
    expect(rest429.status).toBe(429);
    expect(Number(rest429.headers.get('retry-after'))).toBeGreaterThan(60);
    expect(await rest429.json()).toEqual({
      code: 'Too Many Requests',
      message: expect.stringMatching(/^You have asked for too much to be read in a short time: ask again in \d+ s\.$/),
    });
    expect((await post(harness.url, list(30), as('bob'))).status).toBe(200);
  });

  test('is not asked where there is none', async () => {
    await using harness = await openHarness({ fill });
    const response = await fetch(`${harness.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(list(30)),
    });
    expect(Object.keys((await response.json()) as object)).toEqual(['data']);
    expect(response.headers.get('ratelimit')).toBeNull();
  });

  test('of changes is a small one', async () => {
    const changes = { perSecond: SLOW, burst: 3 };
    await using harness = await openHarness({ limits: { ...OWN_LIMITS, changes }, policy: NAMED });
    const create = (name: string) => `createRegisteredModel(input: { name: "${name}" }) { userErrors { code } }`;
    const two = { query: `mutation { a: ${create('a')} b: ${create('b')} }` };
    expect((await post(harness.url, two, as('alice'))).status).toBe(200);
    expect(
      await post(harness.url, { query: `mutation { c: ${create('c')} d: ${create('d')} }` }, as('alice')),
    ).toMatchObject({ status: 429, errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    // Queries are none, and what was refused was not made.
    const { data } = await post(harness.url, { query: '{ registeredModels { nodes { name } } }' }, as('alice'));
    expect(data.registeredModels.nodes.map(({ name }: { name: string }) => name).sort()).toEqual(['a', 'b']);
    const made = await fetch(`${harness.url}/api/model_registry/v1alpha3/registered_models`, {
      method: 'POST',
      headers: as('alice'),
      body: '{"name":"e"}',
    });
    expect(made.status).toBe(201);
  });
});

describe('logins that fail', () => {
  const limits = { ...OWN_LIMITS, failedLogins: { perSecond: SLOW, burst: 3 } };

  test('are refused beyond some, while those who can log in still may', async () => {
    await using harness = await openHarness({ limits, policy: NAMED });
    const statuses = [];
    for (const _ of [1, 2, 3, 4, 5]) statuses.push((await post(harness.url, list(1), as('wrong'))).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    const rest = await fetch(`${harness.url}/api/model_registry/v1/registered_models`, { headers: as('wrong') });
    expect(rest.status).toBe(429);
    expect(Number(rest.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await post(harness.url, list(1), as('alice'))).status).toBe(200);
    expect((await fetch(`${harness.url}/healthz`)).status).toBe(200);
  });
});

describe('requests in flight', () => {
  test('are so many; one more is told so at once, and the process lives', async () => {
    await using harness = await openHarness({ fill });
    const held = Promise.withResolvers<void>();
    const store: MetadataStore = {
      ...harness.store,
      getArtifacts: async (request, call) => {
        await held.promise;
        return harness.store.getArtifacts(request, call);
      },
    };
    const gateway = await startGateway({
      ...{ store, host: '127.0.0.1', port: 0, loopback: true, policy: NAMED, timeoutMs: 60_000 },
      limits: { maxInFlight: 4 },
      log: createLog('silent'),
    });
    try {
      const first = Array.from({ length: 4 }, () => post(gateway.url, list(1), as('alice')));
      await busy(gateway.url);
      const refused = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...as('alice') },
        body: JSON.stringify(list(1)),
      });
      expect({ status: refused.status, retryAfter: refused.headers.get('retry-after') }).toEqual({
        status: 503,
        retryAfter: '1',
      });
      expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] });
      const rest = await fetch(`${gateway.url}/api/model_registry/v1/registered_models`, { headers: as('alice') });
      expect({ status: rest.status, retryAfter: rest.headers.get('retry-after') }).toEqual({
        status: 503,
        retryAfter: '1',
      });
      expect(await rest.json()).toMatchObject({ code: 'Service Unavailable' });
      for (const path of ['/healthz', '/readyz']) expect((await fetch(`${gateway.url}${path}`)).status).toBe(200);
      held.resolve();
      expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      expect((await post(gateway.url, list(1), as('alice'))).status).toBe(200);
    } finally {
      held.resolve();
      await gateway.close();
    }
  });
});

/** Resolves once a request is refused for others that are under way. */
async function busy(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/api/docs`);
    await answer.text();
    if (answer.status === 503) return;
  }
}

describe('over gRPC', () => {
  test('beyond the buckets and what is in flight there is RESOURCE_EXHAUSTED or UNAVAILABLE', async () => {
    await using harness = await openHarness({ fill });
    const limits = { maxInFlight: 2, cost: { perSecond: SLOW, burst: 100 }, changes: { perSecond: SLOW, burst: 2 } };
    const server = await serveMetadata({
      ...{ store: harness.store, host: '127.0.0.1', port: 0, onFailure: () => undefined },
      admit: createRpcThrottle(limits),
    });
    using client = rpcClient(server.port);
    try {
      const puts = [];
      for (const _ of [1, 2, 3]) puts.push((await client.call('PutContexts')).code);
      expect(puts).toEqual([grpcStatus.OK, grpcStatus.OK, grpcStatus.RESOURCE_EXHAUSTED]);
      const reads = [];
      for (let index = 0; index < 101; index += 1) reads.push((await client.call('GetContextsByID')).code);
      expect(reads[0]).toBe(grpcStatus.OK);
      expect(reads.at(-1)).toBe(grpcStatus.RESOURCE_EXHAUSTED);
    } finally {
      await server.close();
    }
  });

  test.each(['an RPC', 'reflection'])(
    'each caller has buckets of their own, and who fails to log in too often is RESOURCE_EXHAUSTED: %s',
    async (asked) => {
      await using harness = await openHarness();
      const rate = { perSecond: SLOW, burst: 2 };
      const policy: Policy = {
        registry: 'modelgraph',
        async authenticate({ values }) {
          const [name = ''] = values('authorization');
          if (name === '') throw new RegistryError('UNAUTHENTICATED', 'Who are you?');
          return { name, groups: [], by: 'jwt' };
        },
      };
      const server = await serveMetadata({
        ...{ store: harness.store, host: '127.0.0.1', port: 0, onFailure: () => undefined },
        storeFor: storeForCallers(harness.store, policy),
        admit: createRpcThrottle({ maxInFlight: 10, cost: rate, failedLogins: rate }),
      });
      using client = rpcClient(server.port);
      const codes = async (name: string, ask = (as: string) => client.call('GetContextsByID', as)) => {
        const found = [];
        for (const _ of [1, 2, 3]) found.push((await ask(name)).code);
        return found;
      };
      const { OK, RESOURCE_EXHAUSTED, UNAUTHENTICATED } = grpcStatus;
      const ask = asked === 'reflection' ? client.reflect : undefined;
      try {
        expect(await codes('alice', ask)).toEqual([OK, OK, RESOURCE_EXHAUSTED]);
        expect(await codes('bob', ask)).toEqual([OK, OK, RESOURCE_EXHAUSTED]);
        expect(await codes('', ask)).toEqual([UNAUTHENTICATED, UNAUTHENTICATED, RESOURCE_EXHAUSTED]);
        expect(await codes('carol', ask)).toEqual([OK, OK, RESOURCE_EXHAUSTED]);
      } finally {
        await server.close();
      }
    },
  );

  test('more in flight than may be is UNAVAILABLE', async () => {
    await using harness = await openHarness();
    const held = Promise.withResolvers<void>();
    const store: MetadataStore = {
      ...harness.store,
      getContexts: async () => {
        await held.promise;
        return { contexts: [] };
      },
    };
    const admit = createRpcThrottle({ maxInFlight: 2 });
    const server = await serveMetadata({ store, host: '127.0.0.1', port: 0, onFailure: () => undefined, admit });
    using client = rpcClient(server.port);
    try {
      const calls = [1, 2, 3].map(() => client.call('GetContexts'));
      expect((await Promise.race(calls)).code).toBe(grpcStatus.UNAVAILABLE);
      held.resolve();
      const codes = (await Promise.all(calls)).map(({ code }) => code);
      expect(codes.filter((code) => code === grpcStatus.OK)).toHaveLength(2);
    } finally {
      held.resolve();
      await server.close();
    }
  });
});
