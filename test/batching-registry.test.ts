import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { HUNDRED_MODELS, putRegistry } from './fill-registry.ts';
import { type Harness, openHarness, STORE_KINDS } from './harness.ts';
import { requireReference } from './reference/require.ts';

/** A level of nesting, told by what it adds to the query above it. */
interface Level {
  /** Where the level is added. */
  readonly query: (selection: string) => string;
  readonly selection: string;
  /** The calls that it costs on the embedded store, however many rows there are. */
  readonly embedded: readonly string[];
  /** Rows that a server without reads of groups is made to walk over, where those are more than are shown. */
  readonly walked?: number;
  /** True where such a server is asked once whether names tell the owner. */
  readonly named?: true;
}

const VERSIONS = Array.from({ length: HUNDRED_MODELS.models }, (_each, model) => HUNDRED_MODELS.versionsOf(model));
const ALL_VERSIONS = VERSIONS.reduce((sum, count) => sum + count, 0);

const models = (selection: string) => `{ registeredModels(first: 100) { nodes { name ${selection} } } }`;
const versions = (selection: string) => models(`versions(first: 5) { nodes { name ${selection} } }`);
const artifacts = (selection: string) => versions(`artifacts { nodes { name ${selection} } }`);

const LEVELS: Readonly<Record<string, Level>> = {
  versions: {
    query: models,
    selection: 'versions(first: 5) { nodes { name } }',
    embedded: ['ChildrenOfContexts'],
    named: true,
  },
  'versions with what is stored': {
    query: models,
    selection: 'versions(first: 5) { nodes { name state author description customPropertyMap } }',
    embedded: ['ChildrenOfContexts', 'GetContextsByID'],
    named: true,
  },
  'the newest versions': {
    query: models,
    selection: 'latestVersion { name }',
    embedded: ['ChildrenOfContexts'],
    walked: ALL_VERSIONS,
    named: true,
  },
  'models of versions': {
    query: versions,
    selection: 'registeredModel { name }',
    embedded: ['GetParentContextsByContexts'],
  },
  artifacts: { query: versions, selection: 'artifacts { nodes { name } }', embedded: ['ArtifactsOfContexts'] },
  'one kind of artifacts': {
    query: versions,
    selection: 'metrics { nodes { name value } }',
    embedded: ['ArtifactsOfContexts', 'GetArtifactsByID'],
  },
  'versions of artifacts': {
    query: artifacts,
    selection: '... on ModelArtifact { modelVersions { nodes { name } } }',
    embedded: ['ContextsOfArtifacts'],
  },
  'services of models': {
    query: models,
    selection: 'inferenceServices { nodes { name desiredState } }',
    embedded: ['ContextsByInt', 'GetContextsByID'],
  },
  'services of versions': {
    query: versions,
    selection: 'inferenceServices { nodes { name } }',
    embedded: ['ContextsByInt'],
  },
  'deployments of versions': {
    query: versions,
    selection: 'serves { nodes { name lastKnownState } }',
    embedded: ['ExecutionsByInt'],
  },
  'totals of versions': {
    query: models,
    selection: 'versions(first: 5) { totalCount nodes { name } }',
    embedded: ['ChildrenOfContexts', 'GroupCounts'],
    named: true,
  },
};

/** A hundred models, their first versions, the artifacts of those and how they are deployed. */
const WHOLE = models(`state versions(first: 5) { pageInfo { hasNextPage } nodes {
  name state
  artifacts { nodes { name ... on ModelArtifact { uri description } } }
  serves { nodes { name lastKnownState } }
  inferenceServices { nodes { name desiredState } }
} }`);

describe.each(STORE_KINDS)('calls per level of the registry, %s store', (kind) => {
  const missing = kind === 'remote' ? requireReference() : undefined;

  describe.skipIf(missing)(missing ?? '100 models of 1 to 60 versions', { timeout: 60_000 }, () => {
    let harness: Harness | undefined;
    beforeAll(async () => {
      harness = await openHarness({ kind, fill: (store) => putRegistry(store, HUNDRED_MODELS) });
    }, 60_000);
    afterAll(() => harness?.[Symbol.asyncDispose]());

    test.each(Object.entries(LEVELS))('%s', async (_name, { query, selection, embedded, walked, named }) => {
      if (!harness) throw new Error('the gateway is not open');
      const above = await ask(harness, query(''));
      const level = await ask(harness, query(selection));
      const rows = walked ?? level.rows - above.rows;
      if (kind === 'embedded') expect(without(level.calls, above.calls)).toEqual([...embedded].sort());
      else {
        const most = (named ? 3 : 2) + Math.ceil(rows / 100);
        expect(level.calls.length - above.calls.length).toBeLessThanOrEqual(most);
      }
    });

    test('a page of everything', async () => {
      if (!harness) throw new Error('the gateway is not open');
      const { rows, calls } = await ask(harness, WHOLE);
      expect(rows).toBeGreaterThan(3_000);
      if (kind === 'embedded') expect(calls).toEqual(CALLS_OF_WHOLE);
      else expect(calls.length).toBeLessThanOrEqual(5 * 2 + Math.ceil(rows / 100));
    });
  });
});

const CALLS_OF_WHOLE = [
  'ArtifactsOfContexts',
  'ChildrenOfContexts',
  'ContextsByInt',
  'ExecutionsByInt',
  'GetArtifactsByID',
  'GetContextsByID',
  'GetContextsByID',
  'GetContextsByID',
  'GetContextsByType',
];

test('a page of ten models costs the embedded store as many calls as one of a hundred', async () => {
  await using few = await openHarness({ fill: (store) => putRegistry(store, { ...HUNDRED_MODELS, models: 10 }) });
  expect((await ask(few, WHOLE)).calls).toEqual(CALLS_OF_WHOLE);
});

const missing = requireReference();
test.skipIf(missing)(
  `versions that were registered model by model are read on until each model has its page ${missing ?? ''}`,
  async () => {
    await using harness = await openHarness({
      kind: 'remote',
      fill: (store) => putRegistry(store, { ...HUNDRED_MODELS, modelByModel: true }),
    });
    const { rows, calls } = await ask(harness, versions(''));
    // As many as there are may have to be walked over, here more than are shown.
    expect(calls.length).toBeLessThanOrEqual(1 + 2 + Math.ceil(ALL_VERSIONS / 100));
    expect(rows).toBe(100 + VERSIONS.reduce((sum, count) => sum + Math.min(count, 5), 0));
  },
  60_000,
);

/** The names of the calls that a query costs, sorted, and the rows that it shows. */
async function ask(harness: Harness, query: string) {
  harness.calls.length = 0;
  const { errors, data } = await harness.query(query);
  expect(errors).toBeUndefined();
  const calls = harness.calls.map((call) => call.slice(0, call.indexOf('('))).sort();
  return { calls, rows: JSON.stringify(data).match(/"name"/g)?.length ?? 0 };
}

/** What of `calls` is left when each of `others` is taken away once. */
function without(calls: readonly string[], others: readonly string[]): string[] {
  const rest = [...calls];
  for (const other of others) if (rest.includes(other)) rest.splice(rest.indexOf(other), 1);
  return rest;
}
