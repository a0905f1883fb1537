import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type {
  Artifact,
  Context,
  Execution,
  Value,
} from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { ChildrenPage, Group, GroupPages, MetadataStore } from '../../src/mlmd/store.ts';
import { range } from '../fill.ts';
import { requireReference } from '../reference/require.ts';
import { type FilterStores, openFilterStores } from './filter-stores.ts';

const missing = requireReference();

const CONTEXTS = 14;
const MEMBERS = 60;

/** Every call is one, and gives what the plain RPCs give, over our own engine and over the C++ one on the same file. */
describe.skipIf(missing)(`reads of groups ${missing ?? ''}`, { timeout: 60_000 }, () => {
  let stores: FilterStores | undefined;
  const open = () => {
    if (!stores?.ours.groups) throw new Error('the embedded store has no reads of groups');
    return { ...stores, groups: stores.ours.groups };
  };
  beforeAll(async () => {
    stores = await openFilterStores(fill);
  }, 60_000);
  afterAll(() => stores?.[Symbol.asyncDispose]());

  test.each(['ours', 'engine'] as const)('agree with the RPCs of %s', async (which) => {
    const { groups, [which]: store } = open();
    const plain = await plainReads(store);
    await fc.assert(
      fc.asyncProperty(arbitraryRead, async ([name, page]) => {
        const given = await groups[name](page);
        const counts = await groups.groupCounts(name, page);
        for (const key of page.keys) {
          const whole = plain.rows(name, page, key).filter((node) => fits(plain, page, node));
          const rows = page.newestFirst ? whole.toReversed() : whole;
          const expected = rows.filter(({ id = 0n }) => id > page.afterId).slice(0, page.first);
          expect(given.get(key) ?? []).toEqual(expected);
          expect(counts.get(key) ?? 0).toBe(whole.length);
        }
      }),
      { numRuns: 200 },
    );
  });

  test.each(['ours', 'engine'] as const)('count what the lists of %s have', async (which) => {
    const { groups, [which]: store } = open();
    for (const filterQuery of FILTERS) {
      const length = async (lists: Promise<readonly (readonly unknown[])[]>) => (await lists).flat().length;
      const of = { options: { filterQuery, maxResultSize: 100 } };
      const type = { typeName: 'A1' };
      expect(await groups.count({ node: 'Artifact', filterQuery })).toBe(
        await length(store.getArtifacts(of).then(({ artifacts }) => [artifacts])),
      );
      expect(await groups.count({ node: 'Artifact', filterQuery, ...type })).toBe(
        await length(store.getArtifactsByType({ ...of, ...type }).then(({ artifacts }) => [artifacts])),
      );
      expect(await groups.count({ node: 'Execution', filterQuery, contextId: 1n })).toBe(
        await length(store.getExecutionsByContext({ ...of, contextId: 1n }).then(({ executions }) => [executions])),
      );
    }
    expect(await groups.count({ node: 'Context', contextId: 1n })).toBe(
      (await store.getChildrenContextsByContext({ contextId: 1n })).contexts.length,
    );
    expect(await groups.count({ node: 'Artifact', typeName: 'nothing' })).toBe(0);
    await expect(groups.count({ node: 'Artifact', filterQuery: 'nothing = 1' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  test('read only the properties that are asked for', async () => {
    const { groups } = open();
    const page = { keys: [1n, 2n, 3n], first: 100, afterId: 0n };
    const all = await groups.artifactsOfContexts(page);
    expect([...all.values()].flat().some(({ properties }) => properties.has('other'))).toBe(true);
    for (const [names, left] of [
      [[], []],
      [['n'], ['n']],
    ] as const) {
      const read = await groups.artifactsOfContexts(page, { read: { properties: names } });
      const found = [...read.values()].flat().flatMap((node) => [...node.properties, ...node.customProperties]);
      expect([...new Set(found.map(([name]) => name))]).toEqual(left);
    }
  });

  test('are refused inside of a transaction, and when it is too late', async () => {
    const { groups, ours } = open();
    const page = { keys: [1n], first: 1, afterId: 0n };
    await expect(ours.atomically?.(async () => groups.artifactsOfContexts(page))).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
    });
    await expect(groups.count({ node: 'Artifact' }, { deadline: 1 })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
  });
});

const NAMES = [
  'artifactsOfContexts',
  'executionsOfContexts',
  'childrenOfContexts',
  'contextsOfArtifacts',
  'contextsByInt',
  'executionsByInt',
] as const satisfies readonly (keyof GroupPages)[];

const FILTERS = [
  '',
  'id > 20',
  "type = 'A1' OR type = 'E2'",
  'properties.n.int_value IN (1, 3, 5)',
  'contexts_c.id IN (1, 2, 3)',
  'contexts_c.id > 3 AND contexts_d.id < 3',
];

const typeNames = (kind: string) =>
  fc.constantFrom([`${kind}1`], [`${kind}2`], [`${kind}1`, `${kind}2`], ['nothing'], []);

/** A read, and a page for it; only contexts have parents. */
const arbitraryRead = fc.constantFrom(...NAMES).chain((name) => {
  const kind = name.startsWith('artifacts') ? 'A' : name.startsWith('executions') ? 'E' : 'C';
  const page: fc.Arbitrary<ChildrenPage> = fc.record(
    {
      keys: fc.array(fc.bigInt(0n, BigInt(CONTEXTS + 2)), { maxLength: 8 }),
      first: fc.integer({ min: 1, max: 12 }),
      afterId: fc.bigInt(0n, BigInt(MEMBERS)),
      types: typeNames(kind),
      ...(kind === 'C' && { parentTypes: typeNames('C') }),
      property: fc.constantFrom('n', 'n', 'other', 'nothing'),
      newestFirst: fc.boolean(),
    },
    { requiredKeys: ['keys', 'first', 'afterId', 'property'] },
  );
  return fc.tuple(fc.constant(name), page);
});

type Node = Artifact | Execution | Context;

interface PlainReads {
  /** The rows of a group as RPCs of one key each give them, by ascending id. */
  rows(name: keyof GroupPages, group: Group, key: bigint): readonly Node[];
  readonly parentTypes: ReadonlyMap<bigint, readonly (string | undefined)[]>;
}

const ids = range(CONTEXTS + 3).map(BigInt);

async function plainReads(store: MetadataStore): Promise<PlainReads> {
  const { contexts } = await store.getContexts({});
  const { executions } = await store.getExecutions({});
  const artifactsOf = await byContext(async (request) => (await store.getArtifactsByContext(request)).artifacts);
  const executionsOf = await byContext(async (request) => (await store.getExecutionsByContext(request)).executions);
  const childrenOf = await byContext(async (request) => (await store.getChildrenContextsByContext(request)).contexts);
  const parentsOf = await byContext(async (request) => (await store.getParentContextsByContext(request)).contexts);
  const contextsOf = (id: bigint) =>
    contexts.filter((context) => artifactsOf.get(context.id ?? 0n)?.some((artifact) => artifact.id === id));
  const withInt = (nodes: readonly Node[], { property = '' }: Group, key: bigint) =>
    nodes.filter(({ properties }) => properties.get(property)?.intValue === key);
  return {
    rows(name, group, key) {
      if (name === 'artifactsOfContexts') return artifactsOf.get(key) ?? [];
      if (name === 'executionsOfContexts') return executionsOf.get(key) ?? [];
      if (name === 'contextsOfArtifacts') return contextsOf(key);
      if (name === 'childrenOfContexts') return childrenOf.get(key) ?? [];
      return withInt(name === 'contextsByInt' ? contexts : executions, group, key);
    },
    parentTypes: new Map([...parentsOf].map(([id, parents]) => [id, parents.map(({ type }) => type)])),
  };
}

async function byContext<Row extends Node>(read: (request: { contextId: bigint }) => Promise<readonly Row[]>) {
  const rows = await Promise.all(ids.map(async (contextId) => [contextId, await read({ contextId })] as const));
  return new Map(rows.map(([id, nodes]) => [id, nodes.toSorted((a, b) => ((a.id ?? 0n) < (b.id ?? 0n) ? -1 : 1))]));
}

function fits({ parentTypes }: PlainReads, group: Group, { id = 0n, type = '' }: Node): boolean {
  const parents = parentTypes.get(id) ?? [];
  return (
    (group.types?.includes(type) ?? true) &&
    (group.parentTypes === undefined || parents.some((parent) => group.parentTypes?.includes(parent ?? '')))
  );
}

/** Two types of each kind, with links and properties drawn at random, the same ones every time. */
async function fill(store: MetadataStore): Promise<void> {
  const draw = createDraw();
  const properties = new Map([
    ['n', 1 as const],
    ['other', 3 as const],
  ]);
  const types = (kind: string) => [`${kind}1`, `${kind}2`].map((name) => ({ name, properties }));
  const typeIds = await store.putTypes({
    artifactTypes: types('A'),
    executionTypes: types('E'),
    contextTypes: types('C'),
  });
  const node = (all: readonly bigint[], index: number) => ({
    typeId: all[draw(2)] ?? 0n,
    name: `node ${index}`,
    properties: new Map<string, Value>([
      ...(draw(3) > 0 ? [number('n', draw(9))] : []),
      ['other', { stringValue: 'text' }],
    ]),
    // The custom property of the same name is another one.
    customProperties: new Map([number('n', draw(9))]),
  });
  const { artifactTypeIds, executionTypeIds, contextTypeIds } = typeIds;
  const contexts = range(CONTEXTS).map((index) => node(contextTypeIds, index));
  const { contextIds } = await store.putContexts({ contexts });
  const artifacts = range(MEMBERS).map((index) => node(artifactTypeIds, index));
  const { artifactIds } = await store.putArtifacts({ artifacts });
  const executions = range(MEMBERS).map((index) => node(executionTypeIds, index));
  const { executionIds } = await store.putExecutions({ executions });
  const linked = (members: readonly bigint[]) =>
    contextIds.flatMap((contextId) => members.filter(() => draw(3) === 0).map((id) => ({ contextId, id })));
  // In falling order, so that the order of the links is not the order of the ids.
  await store.putAttributionsAndAssociations({
    attributions: linked(artifactIds.toReversed()).map(({ contextId, id: artifactId }) => ({ contextId, artifactId })),
    associations: linked(executionIds.toReversed()).map(({ contextId, id: executionId }) => ({
      contextId,
      executionId,
    })),
  });
  const pairs = contextIds.flatMap((parentId) =>
    contextIds.filter((childId) => childId > parentId && draw(3) === 0).map((childId) => ({ parentId, childId })),
  );
  await store.putParentContexts({ parentContexts: pairs.toReversed() });
}

const number = (name: string, value: number) => [name, { intValue: BigInt(value) }] as const;

/** Whole numbers below a bound, the same ones in every run. */
function createDraw() {
  let state = 1;
  return (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}
