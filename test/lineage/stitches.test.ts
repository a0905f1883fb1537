import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Harness, openHarness } from '../harness.ts';
import { KINDS } from '../registry/rig.ts';
import { type Arguments, ask, type Page } from './ask.ts';
import { idOf, linksOf, type Name, nameOf, putSmallWorld } from './small-world.ts';

const UP = {
  // Registered as a file that a pipeline wrote, and in a run that the source names by its id, whatever its name says.
  byKfp: [
    ...['byKfp < written SAME_FILE URI', 'byKfp < K MADE_IN MODEL_SOURCE'],
    // The file tells what wrote it, so that the steps of the run do not stand for it.
    ...['train < data INPUT EVENT', 'written < train OUTPUT EVENT'],
  ],
  byTfx: ['byTfx < T MADE_IN MODEL_SOURCE', 'byTfx < tfxTrain STEP_OF MODEL_SOURCE'],
  byOld: ['byOld < O MADE_IN MODEL_SOURCE', 'byOld < oldTrain STEP_OF MODEL_SOURCE'],
  byId: [
    ...['byId < R MADE_IN MODEL_SOURCE', 'byId < R DESCRIBES ATTRIBUTION'],
    ...['R < dataset PART_OF ATTRIBUTION', 'R < parameter PART_OF ATTRIBUTION'],
  ],
  byExternalId: [
    ...['byExternalId < R MADE_IN MODEL_SOURCE', 'byExternalId < R DESCRIBES ATTRIBUTION'],
    ...['R < dataset PART_OF ATTRIBUTION', 'R < parameter PART_OF ATTRIBUTION'],
  ],
  byPipeline: [],
  byZeros: [],
  byLong: [],
  half: [],
  lost: [],
  dataset: [],
  history: [],
} as const satisfies Partial<Record<Name, readonly string[]>>;

const DOWN = {
  written: [
    ...['byKfp < written SAME_FILE URI', 'V < byKfp PART_OF ATTRIBUTION', 'M < V VERSION_OF ATTRIBUTION'],
    ...['metric < V DESCRIBES ATTRIBUTION', 'doc < V DESCRIBES ATTRIBUTION'],
    ...['D < V DEPLOYED_AS SERVING', 'S < V DEPLOYED_AS SERVING', 'newest < V DEPLOYED_AS SERVING'],
    ...['S < D RUNS_IN SERVING', 'E < S RUNS_IN SERVING', 'E < newest RUNS_IN SERVING'],
  ],
  R: [
    ...['metric < R DESCRIBES ATTRIBUTION', 'byId < R DESCRIBES ATTRIBUTION', 'X < R VERSION_OF ATTRIBUTION'],
    ...['byExternalId < R DESCRIBES ATTRIBUTION', 'byId < R MADE_IN MODEL_SOURCE'],
    'byExternalId < R MADE_IN MODEL_SOURCE',
  ],
  tfxTrain: ['byTfx < tfxTrain STEP_OF MODEL_SOURCE'],
  oldTrain: ['byOld < oldTrain STEP_OF MODEL_SOURCE'],
  otherStep: [],
  M: [
    ...['M < V VERSION_OF ATTRIBUTION', 'metric < V DESCRIBES ATTRIBUTION', 'doc < V DESCRIBES ATTRIBUTION'],
    ...['D < V DEPLOYED_AS SERVING', 'S < V DEPLOYED_AS SERVING', 'newest < V DEPLOYED_AS SERVING'],
    ...['S < D RUNS_IN SERVING', 'E < S RUNS_IN SERVING', 'E < newest RUNS_IN SERVING'],
  ],
  half: [],
  lost: [],
  history: [],
} as const satisfies Partial<Record<Name, readonly string[]>>;

/** A link as the tables have it. */
function toLink(row: string): string {
  const [to, , from, kind, source] = row.split(' ');
  return `${from} ${kind} ${to} (${source})`;
}

describe.each(KINDS)('from pipelines to services, %s store', (kind) => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness({ kind, fill: putSmallWorld });
  });
  afterAll(() => harness?.[Symbol.asyncDispose]());

  const walk = (names: readonly Name[], args: Omit<Arguments, 'of'>): Promise<Page> =>
    ask(harness, { of: names.map(idOf), ...args });

  test.each(Object.entries(UP) as [keyof typeof UP, readonly string[]][])('upstream of %s', async (name, expected) => {
    const page = await walk([name], { direction: 'UPSTREAM' });
    expect(linksOf(page)).toEqual(expected.map(toLink).sort());
    expect(page.completeness.complete).toBe(true);
  });

  test.each(Object.entries(DOWN) as [keyof typeof DOWN, readonly string[]][])(
    'downstream of %s',
    async (name, expected) => {
      expect(linksOf(await walk([name], { direction: 'DOWNSTREAM' }))).toEqual(expected.map(toLink).sort());
    },
  );

  test('a service is made of all that its version is made of', async () => {
    const page = await walk(['S'], { direction: 'UPSTREAM' });
    expect(page.nodes.map(({ id }) => nameOf(id))).toEqual([
      'S',
      'D',
      'V',
      'data',
      'byKfp',
      'dataset',
      'parameter',
      'written',
      'K',
      'train',
    ]);
    expect(page.nodes.map(({ kind: each }) => each).slice(0, 5)).toEqual([
      'InferenceService',
      'ServeModel',
      'ModelVersion',
      'Dataset',
      'ModelArtifact',
    ]);
  });

  test('the run of a pipeline, as a start, stands for what is in it', async () => {
    const page = await walk(['K'], { direction: 'UPSTREAM' });
    expect(linksOf(page)).toEqual([
      ...['data INPUT train (EVENT)', 'train MEMBER_OF K (ATTRIBUTION)'],
      ...['train OUTPUT written (EVENT)', 'written MEMBER_OF K (ATTRIBUTION)'],
    ]);
  });

  test('every kind of link and every source is among these', async () => {
    const pages = await Promise.all([
      ...[walk(['S'], { direction: 'UPSTREAM' }), walk(['M'], { direction: 'DOWNSTREAM' })],
      ...[walk(['P'], { direction: 'UPSTREAM' }), walk(['byTfx'], { direction: 'UPSTREAM' })],
    ]);
    const edges = pages.flatMap((page) => page.edges);
    const { data } = await harness.query(
      '{ kinds: __type(name: "LineageEdgeKind") { enumValues { name } } sources: __type(name: "LineageSource") { enumValues { name } } }',
    );
    const names = (of: { readonly enumValues: readonly { readonly name: string }[] }) =>
      new Set(of.enumValues.map(({ name }) => name));
    expect(new Set(edges.map((edge) => edge.kind))).toEqual(names(data.kinds));
    expect(new Set(edges.map(({ derivedFrom }) => derivedFrom))).toEqual(names(data.sources));
  });

  test('files are looked for by one call for all of a level, and by one for what names its runs', async () => {
    const looks = kind === 'embedded' ? 'OutlinesByUri' : 'GetArtifactsByURI';
    const looksOf = () => harness.calls.filter((call) => call.startsWith(looks));
    harness.calls.length = 0;
    await walk(['V'], { direction: 'UPSTREAM' });
    // Once more where the run is come to: whether its steps are all that is known of the artifact.
    expect(looksOf()).toEqual([`${looks}(6)`, `${looks}(6)`]);
    harness.calls.length = 0;
    await walk(['data', 'written'], { direction: 'DOWNSTREAM' });
    expect(looksOf()).toEqual([
      `${looks}(12)`,
      `${looks}(6)`, // of what names the run of the step that read the data
    ]);
  });

  test.each([['CONTEXTS'], 'CONTEXTS'])('through contexts, asked for as %j', async (through) => {
    const { data } = await harness.query(
      'query ($of: [ID!]!, $through: [LineageThrough!]) { lineage(of: $of, direction: UPSTREAM, through: $through) { nodes { id } } }',
      { of: [idOf('tfxTrain')], through },
    );
    expect(data.lineage.nodes.map(({ id }: { id: string }) => nameOf(id))).toEqual(['tfxTrain', 'T']);
    const literal = await harness.query(`{ lineage(of: "${idOf('otherStep')}", through: CONTEXTS) { nodes { id } } }`);
    expect(literal.data.lineage.nodes.map(({ id }: { id: string }) => nameOf(id))).toEqual(['otherStep', 'P']);
  });
});
