import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { fillWithDemoData } from '../../src/demo/fill.ts';
import { toGlobalId } from '../../src/domain/ids.ts';
import { Event_Type } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { putArtifacts, putExecutions, putTypes } from '../fill.ts';
import { type Harness, openHarness, STORE_KINDS } from '../harness.ts';
import { requireReference } from '../reference/require.ts';

const PATHS = `query ($from: ID!, $to: ID!, $first: Int) {
  paths(from: $from, to: $to, first: $first) {
    hasMore completeness { complete reason omittedNodes cursor } paths { length nodes { id } edges { kind } }
  }
}`;

const HOPS = 240;
const whole = { complete: true, reason: null, omittedNodes: 0, cursor: null };
const missing = requireReference();

describe.skipIf(missing).each(STORE_KINDS)('paths, %s store', (kind) => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness({ kind, fill: writeChain });
  });
  afterAll(() => harness?.[Symbol.asyncDispose]());

  test(`lead over ${HOPS} links`, async () => {
    const { paths } = await ask({ from: artifact(1), to: artifact(1 + HOPS / 2) });
    const nodes = Array.from({ length: HOPS + 1 }, (_, hop) => ({
      id: hop % 2 === 0 ? artifact(1 + hop / 2) : toGlobalId('Execution', BigInt((hop + 1) / 2)),
    }));
    const edges = Array.from({ length: HOPS }, (_, hop) => ({ kind: hop % 2 === 0 ? 'INPUT' : 'OUTPUT' }));
    expect(paths).toEqual({ paths: [{ length: HOPS, nodes, edges }], hasMore: false, completeness: whole });
  });

  test('lead down only, and nowhere from where nothing flows', async () => {
    const { paths } = await ask({ from: artifact(2), to: artifact(1) });
    expect(paths).toEqual({ paths: [], hasMore: false, completeness: whole });
  });

  test('lead from a node to itself without a link', async () => {
    const { paths } = await ask({ from: artifact(1), to: artifact(1) });
    const itself = { length: 0, nodes: [{ id: artifact(1) }], edges: [] };
    expect(paths).toEqual({ paths: [itself], hasMore: false, completeness: whole });
  });

  test.each([
    ['from', { from: 'x' }, 'BAD_USER_INPUT'],
    ['to', { to: toGlobalId('ContextType', 1n) }, 'BAD_USER_INPUT'],
    ['from', { from: toGlobalId('Artifact', 4_711n) }, 'NOT_FOUND'],
    ['to', { to: toGlobalId('Context', 4_711n) }, 'NOT_FOUND'],
    ['first', { first: 0 }, 'BAD_USER_INPUT'],
    ['first', { first: 21 }, 'BAD_USER_INPUT'],
  ])('are refused where %s is wrong: %j', async (argument, wrong, code) => {
    const { errors } = await harness.query(PATHS, { from: artifact(1), to: artifact(2), ...wrong });
    expect(errors).toMatchObject([{ extensions: { code, argument } }]);
    expect(errors?.[0]?.message).toContain(`'${argument}'`);
  });

  async function ask(variables: Readonly<Record<string, unknown>>) {
    const { data, errors } = await harness.query(PATHS, variables);
    expect(errors).toBeUndefined();
    return data;
  }
});

test.skipIf(missing).each(STORE_KINDS)(
  'paths lead from a dataset over the registry into production, %s store',
  async (kind) => {
    await using harness = await openHarness({ kind, fill: fillWithDemoData });
    const { data, errors } = await harness.query(
      '{ a: artifacts(filterQuery: "name LIKE \'%:sst-2\'") { nodes { id } } c: contexts(filterQuery: "name = \'production\'") { nodes { id } } }',
    );
    expect(errors).toBeUndefined();
    const ends = { from: data.a.nodes[0].id, to: data.c.nodes[0].id };
    const answer = await harness.query(
      `query ($from: ID!, $to: ID!) {
      paths(from: $from, to: $to, first: 4) { hasMore completeness { complete } paths { nodes { kind label } } }
    }`,
      ends,
    );
    const { paths, ...rest } = answer.data.paths;
    expect(rest).toEqual({ hasMore: true, completeness: { complete: true } });
    const lines = paths.map((path: ShownPath) => path.nodes.map(({ kind, label }) => `${kind} ${label}`).join(' > '));
    const served = 'InferenceService sentiment > ServingEnvironment production';
    const run = 'distilbert-sst2-2026-02-10';
    expect(lines).toEqual([
      `DataSet sst-2 > ModelVersion v3 > ${served}`,
      `DataSet sst-2 > ModelVersion v2 > ServeModel sentiment-v2 > ${served}`,
      `DataSet sst-2 > ModelVersion v3 > ServeModel sentiment-v3 > ${served}`,
      [
        `DataSet sst-2 > ExampleGen ${run} ExampleGen > Examples ${run} examples > Transform ${run} Transform`,
        `TransformGraph ${run} transform_graph > Trainer ${run} Trainer > ModelArtifact model`,
        `ServeModel sentiment-v2 > ${served}`,
      ].join(' > '),
    ]);
  },
);

interface ShownPath {
  readonly nodes: readonly { readonly kind: string; readonly label: string }[];
}

function artifact(id: number): string {
  return toGlobalId('Artifact', BigInt(id));
}

/** Artifacts and executions by turns, each made of the one before. */
async function writeChain(store: MetadataStore): Promise<void> {
  const types = await putTypes(store);
  const artifacts = await putArtifacts(store, types.artifact, HOPS / 2 + 1);
  const executions = await putExecutions(store, types.execution, HOPS / 2);
  await store.putEvents({
    events: executions.flatMap((executionId, index) => [
      { executionId, artifactId: artifacts[index], type: Event_Type.INPUT },
      { executionId, artifactId: artifacts[index + 1], type: Event_Type.OUTPUT },
    ]),
  });
}
