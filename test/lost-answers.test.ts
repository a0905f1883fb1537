import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { OPEN_POLICY } from '../src/auth/open-policy.ts';
import { openStore } from '../src/mlmd/open.ts';
import { isRepeatable } from '../src/mlmd/remote/retry.ts';
import { type MetadataStore, RPC_NAMES, type RpcName } from '../src/mlmd/store.ts';
import { createLog } from '../src/observe.ts';
import { startGateway } from '../src/server.ts';
import { until } from './cluster/until.ts';
import { startLossyProxy } from './lossy-proxy.ts';
import { startEngine } from './reference/engine.ts';
import { requireReference } from './reference/require.ts';

const WRITES = RPC_NAMES.filter((name) => !isRepeatable(name));

/** Changes with the RPC whose answer is lost, in an order in which each finds what it needs. */
const CHANGES: readonly (readonly [rpc: RpcName, change: string])[] = [
  [
    'putContexts',
    'createRegisteredModel(input: { name: "m", customProperties: [{ name: "a", value: { doubleValue: 0.1234567 } }] }) { registeredModel { id } }',
  ],
  [
    'putContexts',
    'updateRegisteredModel(input: { databaseId: "1", description: "new" }) { registeredModel { description } }',
  ],
  ['putContexts', 'createModelVersion(input: { registeredModelId: "1", name: "v1" }) { modelVersion { name } }'],
  ['putParentContexts', 'createModelVersion(input: { registeredModelId: "1", name: "v2" }) { modelVersion { name } }'],
  [
    'putLineageSubgraph',
    'upsertArtifact(input: { parentId: "2", modelArtifact: { name: "a", uri: "s3://b/m" } }) { artifact { name } created }',
  ],
  ['putArtifacts', 'updateModelArtifact(input: { databaseId: "1", uri: "s3://b/n" }) { modelArtifact { uri } }'],
  [
    'putLineageSubgraph',
    'recordExecution(input: { type: "Trainer", name: "t", inputs: [{ artifact: { type: "Data", name: "d", uri: "s3://b/d" } }] }) { execution { name } }',
  ],
  ['putContexts', 'createServingEnvironment(input: { name: "e" }) { servingEnvironment { name } }'],
  [
    'putParentContexts',
    'createInferenceService(input: { servingEnvironmentId: "4", registeredModelId: "1", name: "s" }) { inferenceService { name } }',
  ],
  [
    'putExecution',
    'createServeModel(input: { inferenceServiceId: "5", modelVersionId: "2", name: "x" }) { serveModel { name } }',
  ],
  ['putContexts', 'createExperiment(input: { name: "x" }) { experiment { name } }'],
  ['putParentContexts', 'createExperimentRun(input: { experimentId: "6", name: "r" }) { experimentRun { name } }'],
  [
    'putLineageSubgraph',
    'logRun(input: { experimentRunId: "7", metrics: [{ name: "a", value: 0.5, step: "1" }, { name: "b", value: 2, step: "1" }] }) { metrics { name } }',
  ],
  [
    'putLineageSubgraph',
    'logRun(input: { experimentRunId: "7", metrics: [{ name: "a", value: 0.25, step: "2" }, { name: "c", value: 3, step: "1" }] }) { metrics { name } }',
  ],
];

/** A gateway over the C++ engine, behind a proxy that can lose what passes; `direct` goes past it. */
async function openLossy() {
  const stack = new AsyncDisposableStack();
  const engine = stack.use(await startEngine());
  const proxy = stack.use(await startLossyProxy(engine.port));
  const [{ store }, { store: direct }] = await Promise.all([
    openStore({ mlmd: `127.0.0.1:${proxy.port}` }),
    openStore({ mlmd: `127.0.0.1:${engine.port}` }),
  ]);
  stack.defer(() => Promise.all([store.close(), direct.close()]).then(() => {}));
  let before: ((name: RpcName) => void) | undefined;
  const options = { host: '127.0.0.1', port: 0, loopback: true, policy: OPEN_POLICY, log: createLog('silent') };
  const heard = hearWrites(store, (name) => before?.(name));
  const gateway = await startGateway({ ...options, store: heard, timeoutMs: 60_000 });
  stack.defer(() => gateway.close());
  return {
    engine,
    proxy,
    direct,
    change: (text: string) => change(gateway.url, text),
    /** Calls `then` once, before this RPC. */
    beforeNext(rpc: RpcName, then: () => void) {
      before = (name) => {
        if (name !== rpc) return;
        before = undefined;
        then();
      };
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function hearWrites(store: MetadataStore, hear: (name: RpcName) => void): MetadataStore {
  const heard = WRITES.map((name) => {
    const rpc = store[name] as (...args: unknown[]) => unknown;
    return [
      name,
      (...args: unknown[]) => {
        hear(name);
        return rpc(...args);
      },
    ];
  });
  return { ...store, ...Object.fromEntries(heard) };
}

/** All that the changes may leave. */
async function contentOf(store: MetadataStore): Promise<string> {
  const [{ contexts }, { artifacts }, { executions }] = await Promise.all([
    store.getContexts({}),
    store.getArtifacts({}),
    store.getExecutions({}),
  ]);
  const parents = await Promise.all(
    contexts.map(async ({ id }) => (await store.getParentContextsByContext({ contextId: id })).contexts.length),
  );
  const rows = [...contexts, ...artifacts, ...executions];
  return [...rows.map(({ id, lastUpdateTimeSinceEpoch }) => `${id} ${lastUpdateTimeSinceEpoch}`), ...parents].join();
}

/** The answer as it is, with `retryable`. */
async function change(url: string, text: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ query: `mutation { ${text} }` });
  return (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).json() as Promise<Answer>;
}

interface Answer {
  readonly data: Readonly<Record<string, object>> | null;
  readonly errors?: readonly { readonly extensions: object }[];
}

describe.skipIf(requireReference())('a change whose answer is lost on the way from the MLMD server', () => {
  let lossy: Awaited<ReturnType<typeof openLossy>>;
  beforeAll(async () => {
    lossy = await openLossy();
  });
  afterAll(() => lossy[Symbol.asyncDispose]());

  test.each(CHANGES)('is looked for and found: %s for %s', async (rpc, text) => {
    const { proxy, direct } = lossy;
    const before = await contentOf(direct);
    let asIs = before;
    lossy.beforeNext(rpc, () => proxy.lose('answers'));
    const answer = lossy.change(text);
    await until('the change in the server', async () => {
      asIs = await contentOf(direct);
      return proxy.lost() > 0 && asIs !== before;
    });
    proxy.lose('none');
    proxy.cut();
    const { data, errors } = await answer;
    expect(errors).toBeUndefined();
    expect(Object.values(Object.values(data ?? {})[0] ?? {})).not.toContain(null);
  });

  test('and that has not come there is UNKNOWN_OUTCOME, and can be made again', async () => {
    const { proxy, direct } = lossy;
    const text = 'createRegisteredModel(input: { name: "lost" }) { registeredModel { name } userErrors { code } }';
    const before = await contentOf(direct);
    lossy.beforeNext('putContexts', () => proxy.lose('requests'));
    const answer = lossy.change(text);
    await until('the request on its way', () => proxy.lost() > 0);
    proxy.lose('none');
    proxy.cut();
    expect((await answer).errors).toMatchObject([{ extensions: { code: 'UNKNOWN_OUTCOME', retryable: false } }]);
    expect(await contentOf(direct)).toBe(before);
    expect((await lossy.change(text)).data?.['createRegisteredModel']).toEqual({
      registeredModel: { name: 'lost' },
      userErrors: [],
    });
  });
});

describe.skipIf(requireReference())('a change whose request never left the gateway', () => {
  test('is BACKEND_UNAVAILABLE, and may be sent again', async () => {
    await using lossy = await openLossy();
    const text = 'createRegisteredModel(input: { name: "m" }) { registeredModel { name } }';
    const warm = 'createRegisteredModel(input: { name: "warm" }) { registeredModel { name } }';
    expect((await lossy.change(warm)).errors).toBeUndefined();
    await Promise.all([lossy.proxy[Symbol.asyncDispose](), lossy.engine.stop()]);
    expect((await lossy.change(text)).errors).toMatchObject([
      { extensions: { code: 'BACKEND_UNAVAILABLE', retryable: true } },
    ]);
  });
});
