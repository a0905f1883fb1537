import { describe, expect, test } from 'vitest';

import { OPEN_POLICY } from '../../src/auth/open-policy.ts';
import { RegistryError } from '../../src/errors.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { createLog } from '../../src/observe.ts';
import { startGateway } from '../../src/server.ts';
import type { StoreKind } from '../harness.ts';
import { ask, openRecorder, property, recorded } from './recording.ts';
import { KINDS } from './rig.ts';

const STEP = {
  ...{ type: 'Trainer', externalId: 'task', state: 'COMPLETE', properties: [property('loss', { doubleValue: 0.5 })] },
  inputs: [{ artifact: { type: 'Examples', name: 'e' } }],
  outputs: [{ key: 'model', artifact: { type: 'Model', uri: 's3://m' } }],
  contexts: [{ context: { type: 'run', name: 'r', properties: [property('n', { intValue: 1 })] } }],
};

/** What goes otherwise than with the store behind it, once. */
type Fault = (store: MetadataStore) => Partial<MetadataStore>;

/**
 * A gateway over a store that is used call by call, as an MLMD server is. The C++ engine is one; our own store is made
 * one by taking its transactions away.
 */
async function openFaulty(kind: StoreKind, fault: Fault) {
  const recorder = await openRecorder(kind);
  const { atomically: _, ...store } = recorder.store;
  const gateway = await startGateway({
    store: { ...store, ...fault(store) },
    ...{
      host: '127.0.0.1',
      port: 0,
      loopback: true,
      policy: OPEN_POLICY,
      timeoutMs: 30_000,
      rest: undefined,
      log: createLog('silent'),
    },
  });
  return {
    ...recorder,
    ask: (input: object) => ask(gateway.url, input),
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await recorder[Symbol.asyncDispose]();
    },
  };
}

const AWAY = new RegistryError('UNAVAILABLE', 'The metadata store is away.');

describe.each(KINDS)('over the %s store, call by call,', (kind) => {
  test('a call whose answer was lost is repeated, and makes nothing twice', async () => {
    let lost = false;
    await using faulty = await openFaulty(kind, (store) => ({
      async putLineageSubgraph(request, call) {
        const answer = await store.putLineageSubgraph(request, call);
        if (lost) return answer;
        lost = true;
        throw AWAY;
      },
    }));
    const { errors } = await faulty.ask(STEP);
    expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['BACKEND_UNAVAILABLE']);
    const before = faulty.counts();
    expect(before).toMatchObject({ Execution: 1, Artifact: 2, Event: 2, Association: 1, Attribution: 2 });
    expect(recorded(await faulty.ask(STEP))).toMatchObject({ created: false, execution: { state: 'COMPLETE' } });
    expect(faulty.counts()).toEqual(before);
  });

  test('a call that never reached the store has left its types only, and its repetition makes the rest', async () => {
    let reached = false;
    await using faulty = await openFaulty(kind, (store) => ({
      async putLineageSubgraph(request, call) {
        if (reached) return store.putLineageSubgraph(request, call);
        reached = true;
        throw AWAY;
      },
    }));
    expect((await faulty.ask(STEP)).errors).toHaveLength(1);
    expect(faulty.counts()).toMatchObject({ Execution: 0, Artifact: 0, Context: 0, Event: 0, TypeProperty: 2 });
    expect(recorded(await faulty.ask(STEP))).toMatchObject({ created: true });
    expect(faulty.counts()).toMatchObject({ Execution: 1, Artifact: 2, Context: 1, Event: 2, TypeProperty: 2 });
  });

  test('a property that another declares meanwhile is a user error', async () => {
    let declared = false;
    await using faulty = await openFaulty(kind, (store) => ({
      async putTypes(request, call) {
        if (!declared)
          await store.putExecutionType({ executionType: { name: 'Trainer', properties: new Map([['loss', 3]]) } });
        declared = true;
        return store.putTypes(request, call);
      },
    }));
    const { data } = await faulty.ask(STEP);
    expect(data.recordExecution).toMatchObject({ execution: null, created: null });
    expect(data.recordExecution.userErrors).toMatchObject([
      {
        field: ['properties', '0', 'value'],
        message: "The type 'Trainer' declares 'loss' as STRING; this one is DOUBLE.",
      },
    ]);
    expect(faulty.counts()).toMatchObject({ Execution: 0, Artifact: 0, TypeProperty: 1 });
  });

  test.each([
    ['an execution', { type: 'Trainer', externalId: 'task' }, { created: false }],
    ['an artifact', { type: 'Other', outputs: [{ artifact: { type: 'Examples', name: 'e' } }] }, { created: true }],
    ['a context', { type: 'Other', contexts: [{ context: { type: 'run', name: 'r' } }] }, { created: true }],
  ])('%s that another makes meanwhile is taken, with what it has', async (_noun, other, expected) => {
    let meanwhile: (() => Promise<unknown>) | undefined;
    await using faulty = await openFaulty(kind, (store) => ({
      async putLineageSubgraph(request, call) {
        const make = meanwhile;
        meanwhile = undefined;
        await make?.();
        return store.putLineageSubgraph(request, call);
      },
    }));
    meanwhile = () => faulty.record({ ...other, customProperties: [property('by', { stringValue: 'another' })] });
    expect(recorded(await faulty.ask(STEP))).toMatchObject({ ...expected, contexts: [{ propertyMap: { n: '1' } }] });
    expect(faulty.counts()).toMatchObject({
      Execution: expected.created ? 2 : 1,
      ...{ Artifact: 2, Context: 1, Association: 'contexts' in other ? 2 : 1 },
    });
  });
});

test('on our own store a call that fails has left nothing, not even a type', async () => {
  await using recorder = await openRecorder('embedded');
  const before = recorder.counts();
  const gateway = await startGateway({
    store: {
      ...recorder.store,
      atomically: (work, call) =>
        recorder.store.atomically?.(
          (rpcs, kept) => work({ ...rpcs, putLineageSubgraph: () => Promise.reject(AWAY) }, kept),
          call,
        ) ?? Promise.reject(AWAY),
    },
    ...{
      host: '127.0.0.1',
      port: 0,
      loopback: true,
      policy: OPEN_POLICY,
      timeoutMs: 30_000,
      rest: undefined,
      log: createLog('silent'),
    },
  });
  expect((await ask(gateway.url, STEP)).errors).toHaveLength(1);
  await gateway.close();
  expect(recorder.counts()).toEqual(before);
});
