import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';

import { type Event, Event_Type } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { MetadataStoreServiceService } from '../../src/generated/proto/ml_metadata/proto/metadata_store_service.ts';
import { encode } from '../../src/mlmd/serve/encode.ts';
import type { MetadataStore, RpcName, RpcRequest } from '../../src/mlmd/store.ts';
import { type EnginePipe, startEnginePipe } from '../reference/engine-pipe.ts';
import { requireReference } from '../reference/require.ts';
import { none, plain, values } from './write-steps/step.ts';
import { openRig } from './writes-rig.ts';

const missing = requireReference();

/** So many artifacts, with what takes a while to read. */
async function putMany(store: MetadataStore, typeId: bigint | undefined, count: number): Promise<bigint[]> {
  const artifacts = Array.from({ length: count }, (_none, index) => ({
    typeId,
    name: `artifact ${index}`,
    properties: none,
    customProperties: values(
      Object.fromEntries(
        Array.from({ length: 8 }, (_nothing, place) => [`custom ${place}`, { intValue: BigInt(index) }]),
      ),
    ),
  }));
  return (await store.putArtifacts({ artifacts })).artifactIds;
}

/** Counts the turns that the event loop has while something is under way. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let done = false;
  const ended = work.finally(() => {
    done = true;
  });
  while (!done) {
    await nextTurn();
    turns += 1;
  }
  await ended;
  return turns;
}

/** Waits for the read to be in the midst of its work: it has begun, and gives turns. */
async function underWay(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await nextTurn();
}

describe('a large read', () => {
  test.each<[string, (store: MetadataStore, ids: bigint[]) => Promise<unknown>]>([
    ['by id', (store, artifactIds) => store.getArtifactsById({ artifactIds })],
    ['of all there is', (store) => store.getArtifacts({})],
    ['of events', (store, artifactIds) => store.getEventsByArtifactIDs({ artifactIds })],
    [
      'along a lineage',
      (store) =>
        store.getLineageSubgraph({ lineageSubgraphQueryOptions: { startingExecutions: { filterQuery: 'id = 1' } } }),
    ],
  ])('%s gives turns', async (_, read) => {
    await using rig = await openRig();
    const ids = await putMany(rig.store, rig.typeId, 5_000);
    await rig.store.putExecutions({ executions: [{ ...plain, typeId: rig.executionTypeId }] });
    const path = { steps: [{ key: 'a' }, { index: 1n }] };
    await rig.store.putEvents({
      events: ids.map((artifactId) => ({ artifactId, executionId: 1n, type: Event_Type.OUTPUT, path })),
    });
    await nextTurn();
    expect(await turnsDuring(read(rig.store, ids))).toBeGreaterThan(2);
  });

  test('stays on one snapshot, and a write that comes in between waits for it', async () => {
    await using rig = await openRig();
    const ids = await putMany(rig.store, rig.typeId, 5_000);
    const log: string[] = [];
    const read = rig.store.getArtifactsById({ artifactIds: ids }).finally(() => log.push('read'));
    await underWay();
    const last = { ...plain, id: ids.at(-1), typeId: rig.typeId, uri: 'new' };
    const write = rig.store.putArtifacts({ artifacts: [last] }).finally(() => log.push('written'));
    const later = rig.store.getArtifactsById({ artifactIds: ids.slice(-1) });
    expect(log).toEqual([]);
    expect((await read).artifacts.at(-1)).toMatchObject({ uri: '' });
    await write;
    expect(log).toEqual(['read', 'written']);
    expect((await later).artifacts).toMatchObject([{ uri: 'new' }]);
  });

  test('does not see what another program writes meanwhile, and a read that comes later does', async () => {
    await using rig = await openRig();
    const ids = await putMany(rig.store, rig.typeId, 5_000);
    const log: string[] = [];
    const read = rig.store.getArtifactsById({ artifactIds: ids }).finally(() => log.push('read'));
    await underWay();
    using other = new DatabaseSync(rig.file);
    other.exec(`UPDATE Artifact SET name = 'theirs' WHERE id = ${ids.at(-1)}`);
    expect(log).toEqual([]);
    const later = rig.store.getArtifactsById({ artifactIds: ids.slice(-1) });
    expect((await read).artifacts.at(-1)).toMatchObject({ name: 'artifact 4999' });
    expect((await later).artifacts).toMatchObject([{ name: 'theirs' }]);
  });

  test('ends between two slices where nobody waits for it any more', async () => {
    await using rig = await openRig();
    const artifactIds = await putMany(rig.store, rig.typeId, 5_000);
    const gone = new AbortController();
    const read = rig.store.getArtifactsById({ artifactIds }, { signal: gone.signal });
    read.catch(() => undefined);
    await underWay();
    gone.abort();
    await expect(read).rejects.toMatchObject({ code: 'CANCELLED' });
    const late = rig.store.getArtifactsById({ artifactIds }, { deadline: Date.now() + 8 });
    await expect(late).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect((await rig.store.getArtifactsById({ artifactIds })).artifacts).toHaveLength(5_000);
  });
});

describe('slices', () => {
  test.skipIf(missing)(`together are the answer of the C++ engine ${missing ?? ''}`, async () => {
    await using rig = await openRig();
    const { store } = rig;
    const ids = await putMany(store, rig.typeId, 450);
    const executions = ids.map(() => ({ ...plain, typeId: rig.executionTypeId }));
    const { executionIds } = await store.putExecutions({ executions });
    // From the first artifact to all executions, and from each of these to an artifact.
    const outputs = ids.map((artifactId, index) => ({
      artifactId,
      executionId: executionIds[(index * 7) % 450],
      type: Event_Type.OUTPUT,
      path: { steps: [{ key: `out ${index}` }, { index: BigInt(index) }] },
    }));
    const inputs = executionIds.map((executionId) => ({ artifactId: ids[0], executionId, type: Event_Type.INPUT }));
    await store.putEvents({ events: [...outputs, ...inputs] });
    await using engine = await startEnginePipe();
    await engine.open(rig.file);
    const artifactIds = [...ids.toReversed(), ...ids.slice(0, 10), 9_999n];
    await expectSame(store, engine, 'getArtifactsById', { artifactIds });
    await expectSame(store, engine, 'getArtifacts', {});
    await expectSame(store, engine, 'getEventsByArtifactIDs', { artifactIds: ids.toReversed() });
    await expectSame(store, engine, 'getEventsByExecutionIDs', { executionIds: executionIds.toReversed() });
    const { events } = await store.getEventsByArtifactIDs({ artifactIds: ids.toReversed() });
    expect(events.slice(0, 450).map(({ artifactId }) => artifactId)).toEqual(ids);
    const lineageSubgraphQueryOptions = { startingArtifacts: { filterQuery: 'id = 1' }, maxNumHops: 6n };
    await expectSame(store, engine, 'getLineageSubgraph', { lineageSubgraphQueryOptions });
  });

  test('of a long answer are its bytes, and give turns', async () => {
    const { responseSerialize } = MetadataStoreServiceService.getArtifactsById;
    const artifacts = Array.from({ length: 2_500 }, (_none, index) => ({ ...plain, id: BigInt(index) }));
    const answer = { artifacts, artifactTypes: [{ id: 1n, name: 'A', properties: new Map() }] };
    const bytes = encode(responseSerialize, answer);
    expect(await turnsDuring(bytes)).toBeGreaterThan(2);
    expect(await bytes).toEqual(responseSerialize(answer));
    expect(await encode(responseSerialize, { artifacts: [], artifactTypes: [] })).toEqual(Buffer.alloc(0));
  });
});

async function expectSame<Name extends RpcName>(
  store: MetadataStore,
  engine: EnginePipe,
  name: Name,
  request: RpcRequest<Name>,
): Promise<void> {
  const reply = await engine.call(name, request);
  const answer = await (store[name] as (request: RpcRequest<Name>) => Promise<unknown>)(request);
  expect({ name, code: reply.code }).toEqual({ name, code: 0 });
  expect(inOrder(answer)).toEqual(inOrder('answer' in reply ? reply.answer : undefined));
}

/** With what a lineage found and events in one order: the engine promises none. */
function inOrder(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null) return answer;
  if ('lineageSubgraph' in answer) return inOrder(answer.lineageSubgraph);
  const isLineage = 'associations' in answer;
  const fields = Object.entries(answer).map(([name, value]): [string, unknown] => {
    const sorted = name === 'events' || (isLineage && (name === 'artifacts' || name === 'executions'));
    return [name, sorted ? value.toSorted((a: Item, b: Item) => Number(placeOf(a) - placeOf(b))) : value];
  });
  return Object.fromEntries(fields);
}

/** A node or an event. */
type Item = Event & { readonly id?: bigint };

function placeOf({ id = 0n, executionId = 0n, artifactId = 0n, type = 0 }: Item): bigint {
  return ((id * 10_000n + executionId) * 10_000n + artifactId) * 10n + BigInt(type);
}
