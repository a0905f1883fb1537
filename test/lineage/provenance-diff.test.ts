import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { toGlobalId } from '../../src/domain/ids.ts';
import { Event_Type } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { putArtifacts, putExecutions, putTypes, range } from '../fill.ts';
import { type Harness, openHarness, STORE_KINDS } from '../harness.ts';
import { requireReference } from '../reference/require.ts';
import { PIPELINE, type Run } from './runs.ts';
import { writeRuns } from './store-runs.ts';

const SOURCES = { text: 's3://data/text/v1', labels: 's3://data/labels/v1' };
const FIRST: Run = { id: '2024-02-20T06:06:37.719832', firstId: 1, steps: PIPELINE, sources: SOURCES };
const AGAIN: Run = { ...FIRST, id: '2024-02-21T07:00:00.000001' };
const RELABELLED: Run = {
  ...FIRST,
  id: '2024-02-22T08:00:00.000002',
  sources: { ...SOURCES, labels: 's3://data/labels/v2' },
};
const LONGER: Run = { ...FIRST, id: '2024-02-23T09:00:00.000003', values: { Trainer: { epochs: 3 } } };
/** How many branches lead from files of their own to one step, at most as many as one call takes. */
const WIDE = 24;

/** Runs in which all files are other ones. */
const MERGES = [1, WIDE].flatMap((width) => [merge(1, width), merge(2, width)]);
const RUNS = [FIRST, AGAIN, RELABELLED, LONGER, ...MERGES];

const DIFF = `query ($a: ID!, $b: ID!, $first: Int) {
  provenanceDiff(a: $a, b: $b, first: $first) {
    added removed changed completeness { complete reason omittedNodes cursor }
    changes { change cause depth role differences { field before after } }
  }
}`;

const missing = requireReference();

describe.skipIf(missing).each(STORE_KINDS)('the difference of two runs of one pipeline, %s store', (kind) => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness({ kind, fill: (store) => writeRuns(store, RUNS) });
  });
  afterAll(() => harness?.[Symbol.asyncDispose]());

  test('is nothing where they read the same', async () => {
    const whole = { complete: true, reason: null, omittedNodes: 0, cursor: null };
    const none = { added: 0, removed: 0, changed: 0, changes: [], completeness: whole };
    expect(await diff(await blessingOf(FIRST), await blessingOf(AGAIN))).toEqual(none);
    expect(await diff(await runContext(FIRST), await runContext(AGAIN))).toEqual(none);
    expect(await diff(await blessingOf(FIRST), await blessingOf(FIRST))).toEqual(none);
  });

  test('is the one changed dataset and its descendants, the nearest first', async () => {
    const { changes, ...rest } = await diff(await blessingOf(FIRST), await blessingOf(RELABELLED));
    expect(rest).toMatchObject({ added: 0, removed: 0, changed: 7, completeness: { complete: true } });
    expect(changes.map(lineOf)).toEqual([
      '0 UPSTREAM Evaluator → blessing → blessing',
      '1 UPSTREAM Evaluator',
      '2 UPSTREAM LabelGen → labels → labels',
      '2 UPSTREAM Trainer → model → model',
      '3 UPSTREAM LabelGen',
      '3 UPSTREAM Trainer',
      '4 OWN Dataset → labels → LabelGen uri s3://data/labels/v1 s3://data/labels/v2',
    ]);
  });

  test('is the step that was changed and what it made, of whole runs as well', async () => {
    const { changes } = await diff(await runContext(AGAIN), await runContext(LONGER));
    expect(changes.map(lineOf)).toEqual([
      '0 UPSTREAM run',
      '1 UPSTREAM Trainer → model → model',
      '1 UPSTREAM Evaluator → blessing → blessing',
      '1 OWN Trainer customProperties.epochs null 3',
      '1 UPSTREAM Evaluator',
    ]);
  });

  test('costs calls per level, however many nodes there are', async () => {
    const callsFor = async (width: number) => {
      const [a, b] = [await outputOf(`1-${width}`), await outputOf(`2-${width}`)];
      harness.calls.length = 0;
      const { changed } = await diff(a, b);
      return { changed, calls: harness.calls.map((call) => call.replace(/\d+/, 'n')).sort() };
    };
    const narrow = await callsFor(1);
    const wide = await callsFor(WIDE);
    expect([narrow.changed, wide.changed]).toEqual([2 + 3, 2 + 3 * WIDE]);
    expect(wide.calls).toEqual(narrow.calls);
  });

  test('is shown as far as it is asked for, and counted whole', async () => {
    const some = await diff(await blessingOf(FIRST), await blessingOf(RELABELLED), 2);
    expect({ changed: some.changed, shown: some.changes.length }).toEqual({ changed: 7, shown: 2 });
  });

  test.each([
    ['a', { a: 'x' }, 'BAD_USER_INPUT'],
    ['b', { b: toGlobalId('ArtifactType', 1n) }, 'BAD_USER_INPUT'],
    ['b', { b: toGlobalId('Execution', 1n) }, 'BAD_USER_INPUT'],
    ['b', { b: toGlobalId('Artifact', 4_711n) }, 'NOT_FOUND'],
    ['first', { first: 0 }, 'BAD_USER_INPUT'],
    ['first', { first: 5_001 }, 'BAD_USER_INPUT'],
  ])('is refused where %s is wrong: %j', async (argument, wrong, code) => {
    const id = toGlobalId('Artifact', 1n);
    // Of roles alone: with all that DIFF asks for, 5,001 changes would cost too much.
    const roles =
      'query ($a: ID!, $b: ID!, $first: Int) { provenanceDiff(a: $a, b: $b, first: $first) { changes { role } } }';
    const { errors } = await harness.query(roles, { a: id, b: id, ...wrong });
    expect(errors).toMatchObject([{ extensions: { code, argument } }]);
    expect(errors?.[0]?.message).toContain(`'${argument}'`);
  });

  async function diff(a: string, b: string, first?: number) {
    const { data, errors } = await harness.query(DIFF, { a, b, first });
    expect(errors).toBeUndefined();
    return data.provenanceDiff;
  }

  async function blessingOf({ id }: Run): Promise<string> {
    const { data } = await harness.query(`{ artifacts(filterQuery: "name = 'blessing:${id}'") { nodes { id } } }`);
    return data.artifacts.nodes[0].id;
  }

  async function outputOf(run: string): Promise<string> {
    const { data } = await harness.query(`{ artifacts(filterQuery: "name = 'merged:${run}'") { nodes { id } } }`);
    return data.artifacts.nodes[0].id;
  }

  async function runContext({ id }: Run): Promise<string> {
    const { data } = await harness.query(`{ contexts(filterQuery: "name = 'imdb.${id}'") { nodes { id } } }`);
    return data.contexts.nodes[0].id;
  }
});

test('the difference of closures of more than 10,000 nodes says that it is not whole', async () => {
  await using harness = await openHarness({
    async fill(store) {
      const types = await putTypes(store);
      const artifacts = await putArtifacts(store, types.artifact, 10_052);
      const [executionId = 0n] = await putExecutions(store, types.execution, 1);
      // The first is made of all but the last.
      const read = artifacts.slice(1, -1).map((artifactId) => ({ artifactId, executionId, type: Event_Type.INPUT }));
      await store.putEvents({ events: [{ artifactId: artifacts[0], executionId, type: Event_Type.OUTPUT }, ...read] });
    },
  });
  const { data, errors } = await harness.query(DIFF, {
    a: toGlobalId('Artifact', 1n),
    b: toGlobalId('Artifact', 10_052n),
    first: 3,
  });
  expect(errors).toBeUndefined();
  const { changes, ...rest } = data.provenanceDiff;
  expect(rest).toEqual({
    ...{ added: 0, removed: 9_999, changed: 1 },
    completeness: { complete: false, reason: 'MAX_NODES', omittedNodes: 52, cursor: null },
  });
  expect(changes).toHaveLength(3);
});

function merge(number: number, width: number): Run {
  const branches = range(width).map((branch) => ({
    ...{ name: `Branch${branch}`, reads: { data: [`file${branch}`] }, writes: [`part${branch}`] },
  }));
  const all = {
    name: 'Merge',
    reads: { parts: branches.map(({ name, writes }) => `${name}/${writes[0]}`) },
    writes: ['merged'],
  };
  const sources = Object.fromEntries(range(width).map((each) => [`file${each}`, `s3://data/${number}/${each}`]));
  return { id: `${number}-${width}`, firstId: 1, steps: [...branches, all], sources };
}

interface ShownChange {
  readonly depth: number;
  readonly cause: string;
  readonly role: string;
  readonly differences: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[];
}

function lineOf({ depth, cause, role, differences }: ShownChange): string {
  const values = differences.map(({ field, before, after }) => `${field} ${before} ${after}`);
  return [depth, cause, role, ...values].join(' ');
}
