import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { RegistryKindName } from '../../src/domain/registry-kinds.ts';
import type { Context } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { listRegistry, type RegistryListArguments } from '../../src/registry/list.ts';
import { STORE_KINDS } from '../harness.ts';
import { requireReference } from '../reference/require.ts';
import { properties, putRegistryTypes } from '../registry-rows.ts';
import { type OpenedStore, openFilled } from '../registry-stores.ts';
import { casesOf, VIEWS } from './cases.ts';
import { fillModels, TURNED, VALUES } from './models.ts';

const numRuns = Number(process.env.MODELGRAPH_TEST_FILTERS ?? 300);
const seed = Number(process.env.MODELGRAPH_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));

type Order = NonNullable<RegistryListArguments['orderBy']>;

/** The ids of a whole list, read page by page; every page but the last says that it is not. */
async function walk(store: MetadataStore, kind: RegistryKindName, list: RegistryListArguments): Promise<bigint[]> {
  const ids: bigint[] = [];
  for (let after: string | undefined, more = true, pages = 0; more; pages += 1) {
    const page = await listRegistry<Context>({ store, call: {} }, [kind], { ...list, after });
    ids.push(...page.rows.map(({ id }) => id ?? 0n));
    expect(page.rows.length).toBeLessThanOrEqual(list.first ?? 20);
    if (!page.hasNextPage && !after) expect(page.totalCount).toBe(page.rows.length);
    after = page.scan?.endCursor ?? page.cursorAt(page.rows.length - 1);
    more = page.hasNextPage;
    expect(pages).toBeLessThan(200);
  }
  return ids;
}

/** A filter over the properties p, q and r, and whether it holds for the model of an index. */
interface Filter {
  readonly query: string;
  readonly where: object | undefined;
  readonly holds: (index: number) => boolean;
}

const leaves: readonly Filter[] = (['p', 'q', 'r'] as const).flatMap((name) =>
  VIEWS.flatMap(casesOf).flatMap(({ query, where, holds }) =>
    query ? [{ query: query(name), where: where?.(name), holds: (index: number) => holds(TURNED[name](index)) }] : [],
  ),
);
const names: readonly Filter[] = VALUES.map((_value, index) => ({
  query: `name = 'model ${index}'`,
  where: { name: { eq: `model ${index}` } },
  holds: (at) => at === index,
}));

const { filter } = fc.letrec<{ filter: Filter; leaf: Filter }>((tie) => ({
  leaf: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...leaves) }, fc.constantFrom(...names)),
  filter: fc.oneof(
    { maxDepth: 3 },
    { weight: 2, arbitrary: tie('leaf') },
    fc.array(tie('filter'), { minLength: 2, maxLength: 4 }).map((parts) => joined('AND', parts)),
    {
      weight: 2,
      arbitrary: fc.array(tie('filter'), { minLength: 2, maxLength: 4 }).map((parts) => joined('OR', parts)),
    },
    tie('filter').map(({ query, where, holds }) => ({
      query: `NOT (${query})`,
      where: where && { not: where },
      holds: (index: number) => !holds(index),
    })),
  ),
}));

function joined(operator: 'AND' | 'OR', parts: readonly Filter[]): Filter {
  const wheres = parts.flatMap(({ where }) => where ?? []);
  const isAll = operator === 'AND';
  return {
    query: `(${parts.map(({ query }) => query).join(` ${operator} `)})`,
    where: wheres.length < parts.length ? undefined : { [operator.toLowerCase()]: wheres },
    holds: (index) => (isAll ? parts.every((part) => part.holds(index)) : parts.some((part) => part.holds(index))),
  };
}

const order: fc.Arbitrary<Order> = fc.record({
  field: fc.constantFrom('ID', 'CREATE_TIME', 'LAST_UPDATE_TIME'),
  direction: fc.constantFrom('ASC', 'DESC'),
});

describe.each(STORE_KINDS)('any filter, page by page, %s store', (kind) => {
  const missing = kind === 'remote' ? requireReference() : undefined;
  let opened: OpenedStore;
  let models: readonly Context[];
  beforeAll(async () => {
    if (missing) return;
    opened = await openFilled(kind, fillModels);
    models = (await opened.store.getContexts({})).contexts;
  });
  afterAll(() => opened?.[Symbol.asyncDispose]());

  function expected({ holds }: Filter, { field, direction }: Order): bigint[] {
    const place = ({ id = 0n, createTimeSinceEpoch = 0n, lastUpdateTimeSinceEpoch = 0n }: Context) =>
      [field === 'ID' ? 0n : field === 'CREATE_TIME' ? createTimeSinceEpoch : lastUpdateTimeSinceEpoch, id] as const;
    const rows = models.filter(({ id = 0n }) => holds(Number(id) - 1)).map(place);
    const sorted = rows.toSorted(([a, x], [b, y]) => Number(a === b ? x - y : a - b));
    return (direction === 'DESC' ? sorted.reverse() : sorted).map(([, id]) => id);
  }

  test.skipIf(missing)(
    `${numRuns} filters give each row once, in order`,
    { timeout: 60_000 + numRuns * 300 },
    async () => {
      console.log(`MODELGRAPH_TEST_FILTERS=${numRuns} MODELGRAPH_TEST_SEED=${seed}`);
      await fc.assert(
        fc.asyncProperty(filter, order, fc.integer({ min: 1, max: 30 }), async (given, orderBy, first) => {
          const ids = expected(given, orderBy);
          const { query: filterQuery, where } = given;
          expect(await walk(opened.store, 'RegisteredModel', { filterQuery, orderBy, first })).toEqual(ids);
          if (where) expect(await walk(opened.store, 'RegisteredModel', { where, orderBy, first })).toEqual(ids);
        }),
        { numRuns, seed },
      );
    },
  );
});

/** 2,300 models of one and the same time; every thousandth is somebody's. */
async function fillMany(store: MetadataStore): Promise<void> {
  const types = await putRegistryTypes(store);
  const typeId = types.get('kf.RegisteredModel') ?? 0n;
  await store.putContexts({
    contexts: Array.from({ length: 2_300 }, (_each, index) => ({
      ...properties(index % 1_000 === 999 ? { owner: { stringValue: 'Él' } } : { owner: { stringValue: 'nobody' } }),
      typeId,
      name: `model ${index}`,
    })),
  });
}

describe.each(STORE_KINDS)('more rows than are looked at, %s store', (kind) => {
  const missing = kind === 'remote' ? requireReference() : undefined;
  let opened: OpenedStore;
  beforeAll(async () => {
    if (!missing) opened = await openFilled(kind, fillMany);
  });
  afterAll(() => opened?.[Symbol.asyncDispose]());

  const read = (list: RegistryListArguments) =>
    listRegistry<Context>({ store: opened.store, call: {} }, ['RegisteredModel'], list);

  test.skipIf(missing).each(['ID', 'CREATE_TIME', 'LAST_UPDATE_TIME'] as const)(
    'a page ends behind 1,000 rows, and the list goes on, by %s',
    async (field) => {
      const list = { filterQuery: "NOT owner = 'nobody'", orderBy: { field } };
      const first = await read(list);
      expect(first).toMatchObject({ hasNextPage: true, scan: { scanned: 1_000, complete: false } });
      expect(first.rows.map(({ id }) => id)).toEqual([1_000n]);
      expect(first.totalCount).toBeUndefined();
      const second = await read({ ...list, after: first.scan?.endCursor });
      expect(second).toMatchObject({ hasNextPage: true, scan: { scanned: 1_000, complete: false } });
      const third = await read({ ...list, after: second.scan?.endCursor });
      expect(third).toMatchObject({ rows: [], hasNextPage: false, scan: { scanned: 300, complete: true } });
      expect(second.rows.map(({ id }) => id)).toEqual([2_000n]);
    },
  );

  test.skipIf(missing)('a full page is complete, and its cursor is behind what was looked at', async () => {
    const first = await read({ filterQuery: 'NOT owner.int_value = 1', first: 3 });
    expect(first).toMatchObject({ hasNextPage: true, scan: { scanned: 3, complete: true } });
    expect(first.scan?.endCursor).toBe(first.cursorAt(2));
    const second = await read({ filterQuery: 'NOT owner.int_value = 1', first: 3, after: first.scan?.endCursor });
    expect(second.rows.map(({ id }) => id)).toEqual([4n, 5n, 6n]);
  });

  test.skipIf(missing)('an empty page goes on too', async () => {
    const page = await read({ filterQuery: 'id < 999 AND NOT owner.string_value LIKE "no%"', first: 5 });
    expect(page).toMatchObject({ rows: [], hasNextPage: false, totalCount: 0, scan: { scanned: 998, complete: true } });
    const bounded = await read({ filterQuery: 'id > 1000 AND id < 2200 AND NOT owner = "nobody"', first: 1 });
    expect(bounded).toMatchObject({ hasNextPage: true, scan: { scanned: 1_000, complete: true } });
  });

  test.skipIf(missing)('nothing is looked at where the store decides', async () => {
    const page = await read({ filterQuery: "owner = 'Él' OR x = 5 OR y = 6" });
    expect(page.rows.map(({ id }) => id)).toEqual([1_000n, 2_000n]);
    expect(page.scan).toBeUndefined();
  });
});
