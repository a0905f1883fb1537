import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { RegistryKindName } from '../../src/domain/registry-kinds.ts';
import { RegistryError } from '../../src/errors.ts';
import { listRegistry, type RegistryListArguments } from '../../src/registry/list.ts';
import { type Harness, openHarness, STORE_KINDS } from '../harness.ts';
import { requireReference } from '../reference/require.ts';
import { type OpenedStore, openFilled } from '../registry-stores.ts';
import { fillKinds } from './kinds.ts';

const many = (count: number, text: string, operator: string) => Array(count).fill(text).join(operator);
const numbered = (count: number, text: string, operator: string) =>
  Array.from({ length: count }, (_each, index) => text.replace('#', String(index))).join(operator);
const short = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** Filters of a kind, and where they are wrong. */
const BAD: readonly (readonly [RegistryKindName, string, number])[] = [
  ['ModelVersion', 'name =', 7],
  ['ModelVersion', "state = 'LIVING'", 9],
  ['ModelVersion', 'state > LIVE', 9],
  ['ModelVersion', 'state = 5', 9],
  ['ModelVersion', 'author = 5', 10],
  ['ModelVersion', 'author', 1],
  ['ModelVersion', 'author = NULL', 10],
  ['ModelVersion', "author IN ('a', NULL)", 17],
  ['ModelVersion', 'author LIKE 5', 13],
  ['ModelVersion', "id LIKE '5%'", 9],
  ['ModelVersion', "id = 'five'", 6],
  ['ModelVersion', 'id = 1.5', 6],
  ['ModelVersion', 'id = 9223372036854775808', 6],
  ['ModelVersion', 'createTime > true', 14],
  ['ModelVersion', "createTime > 'yesterday'", 14],
  ['ModelVersion', "createTime > '2024-01-01T00:00:00'", 14],
  ['ModelVersion', 'p = 18446744073709551616', 5],
  ['ModelVersion', 'p = 1e999', 5],
  ['ModelVersion', 'mlflow.source.type = 5', 1],
  ['ModelVersion', 'p.text = 5', 1],
  ['ModelVersion', "name.string_value = 'a'", 1],
  ['ModelVersion', 'properties.p = 5', 1],
  ['ModelVersion', 'p = q', 1],
  ['ModelVersion', 'p = alice', 1],
  ['ModelVersion', 'p * 2 = 4', 1],
  ['ModelVersion', 'id + 1', 1],
  ['ModelVersion', "'text'", 1],
  ['ModelVersion', "lower(name) = 'v1'", 7],
  ['ModelVersion', "lower(author) ILIKE 'a'", 1],
  ['ModelVersion', "NOT lower(author) = 'a'", 5],
  ['ModelVersion', 'id = 1 AND length(author) = true', 12],
  ['ModelVersion', "id = 1 AND nothing(author) = 'a'", 12],
  ['ModelVersion', 'contexts_a.id = 1', 1],
  ['ModelVersion', 'id = 5 OR parent_contexts_a.nothing = 1', 11],
  ['ModelVersion', numbered(9, "parent_contexts_a.name = 'a' AND p# = 1", ' OR '), 1],
  ['ModelVersion', many(70_000, ' ', ''), 1],
  ['ModelVersion', `${many(501, '(', '')}id = 1${many(501, ')', '')}`, 501],
  ['ModelVersion', `p LIKE '${many(10_001, 'a', '')}'`, 8],
  ['ModelVersion', numbered(60, 'p#', ' AND '), 1],
  ['Metric', "value = '0.5'", 9],
  ['Metric', 'step = true', 8],
  ['RegisteredModel', 'language > 5', 12],
  ['RegisteredModel', "language < 'en'", 12],
  ['ServingEnvironment', 'archived > true', 12],
  ['ServeModel', "lastKnownState = 'LIVE'", 18],
  ['ModelArtifact', 'artifacts_a.id = 1', 1],
];

const BAD_WHERE: readonly (readonly [object, string])[] = [
  [{ databaseId: { eq: 'five' } }, 'where.databaseId.eq'],
  [{ databaseId: { in: ['5', '99999999999999999999'] } }, 'where.databaseId.in'],
  [{ and: [{ not: { createTime: { lt: 'then' } } }] }, 'where.and.not.createTime.lt'],
  [{ author: { like: many(10_001, 'a', '') } }, 'where.author.like'],
  [{ nothing: { eq: 5 } }, 'where.nothing'],
  [{ author: { sounds: 'like' } }, 'where.author.sounds'],
];

/** What could end a literal, and so become a filter of its own. */
const EVIL = [
  "' OR id > 0 --",
  '" OR id > 0 --',
  "\\' OR id > 0 --",
  '\\',
  'x\\',
  "') OR (id > 0",
  '`',
  '`.int_value = 1 OR id > 0 --',
  "'''",
  '/*',
  '\n',
  '\0',
  '\ud800',
  "%' OR '%",
  '{}',
  '$1',
  '?',
];

describe.each(STORE_KINDS)('filters that are wrong, %s store', (kind) => {
  const missing = kind === 'remote' ? requireReference() : undefined;
  let opened: OpenedStore;
  beforeAll(async () => {
    if (!missing) opened = await openFilled(kind, fillKinds);
  });
  afterAll(() => opened?.[Symbol.asyncDispose]());

  const idsOf = async (of: RegistryKindName, list: RegistryListArguments) =>
    (await listRegistry({ store: opened.store, call: {} }, [of], list)).rows.map(({ id }) => Number(id));

  const refusalOf = async (of: RegistryKindName, list: RegistryListArguments) => {
    const error = await idsOf(of, list).catch((reason: unknown) => reason);
    if (!(error instanceof RegistryError)) throw new Error(`not refused: ${JSON.stringify(error)}`);
    expect(error.message).not.toMatch(/SELECT|sqlite|substr\(|mlmd-struct|IS NOT TRUE/);
    return { code: error.code, ...error.place };
  };

  test.skipIf(missing).each(BAD.map((each) => [each[0], short(each[1]), each[2], each[1]] as const))(
    '%s: %s is refused at %i',
    async (of, _short, position, filterQuery) => {
      expect(await refusalOf(of, { filterQuery })).toEqual({
        code: 'INVALID_ARGUMENT',
        argument: 'filterQuery',
        position,
      });
    },
  );

  test.skipIf(missing).each(BAD_WHERE)('where $0 is refused', async (where, argument) => {
    expect(await refusalOf('ModelVersion', { where })).toEqual({ code: 'INVALID_ARGUMENT', argument });
  });

  test.skipIf(missing)('a where that is too deep is refused', async () => {
    let where: object = { author: { eq: 'a' } };
    for (let depth = 0; depth < 60; depth += 1) where = { not: where };
    expect(await refusalOf('ModelVersion', { where })).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test.skipIf(missing).each(EVIL)('no value and no name is taken for a filter: %j', async (evil) => {
    const nothing = [
      { name: { eq: evil } },
      { author: { eq: evil } },
      { author: { in: [evil, 'x'] } },
      { author: { like: evil } },
      { externalId: { eq: evil } },
      { customProperty: [{ name: evil, int: { eq: 1n } }] },
      { customProperty: [{ name: evil, string: { like: '%' } }] },
      { customProperty: [{ name: evil, exists: true }] },
      { or: [{ author: { eq: evil } }, { customProperty: [{ name: evil, bool: true }] }] },
    ];
    for (const where of nothing) expect(await idsOf('ModelVersion', { where })).toEqual([]);
    const everything = [5, 6, 7, 8, 9, 10];
    expect(await idsOf('ModelVersion', { where: { not: { author: { eq: evil } } } })).toEqual(everything);
    expect(await idsOf('ModelVersion', { where: { name: { ne: evil } } })).toEqual(everything);
  });
});

/** Conditions on neighbours whose texts the C++ engine takes for something else, and where these stand. */
const MISTAKEN: readonly (readonly [string, number])[] = [
  ["parent_contexts_m.name = 'name'", 26],
  ["parent_contexts_m.name = 'o\\'x\"y'", 26],
  ["id > 0 AND parent_contexts_m.name IN ('m', 'a\\\\b')", 44],
  ["parent_contexts_m.name LIKE 'Name'", 29],
  ["parent_contexts_m.name = 'state = x'", 26],
  ["parent_contexts_m.name = ''", 26],
  ["length(coalesce(custom_properties.p.string_value, 'uri')) > 1", 51],
];

describe.each(STORE_KINDS.filter((kind) => kind === 'embedded' || !requireReference()))(
  'by GraphQL, %s store',
  (kind) => {
    let harness: Harness;
    beforeAll(async () => {
      harness = await openHarness({ kind, fill: fillKinds });
    });
    afterAll(() => harness?.[Symbol.asyncDispose]());

    const versions = (variables: Readonly<Record<string, unknown>>) =>
      harness.query(
        'query ($f: String, $w: ModelVersionWhere) { modelVersions(filterQuery: $f, where: $w) { nodes { name } } }',
        variables,
      );

    test.each(MISTAKEN)('%s', async (f, position) => {
      const { data, errors } = await versions({ f });
      if (kind === 'embedded') expect([data.modelVersions, errors]).toEqual([{ nodes: expect.any(Array) }, undefined]);
      else expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'filterQuery', position });
    });

    test('texts that no store takes in one piece', async () => {
      for (const text of ['x'.repeat(51_000), '-'.repeat(51_000), '\'"'.repeat(25_500), '\t'.repeat(70_000)]) {
        for (const tests of [{ eq: text }, { in: [text, `${text}y`] }]) {
          for (const w of [{ name: tests }, { customProperty: [{ name: 'P', string: tests }] }]) {
            expect(await versions({ w })).toEqual({ status: 200, data: { modelVersions: { nodes: [] } } });
          }
        }
      }
      const many = Array.from({ length: 2_000 }, (_each, index) => `"\\${index}`);
      const { data } = await versions({ w: { externalId: { in: many } } });
      expect(data.modelVersions).toEqual({ nodes: [] });
    });

    test('a refusal names the argument that was sent', async () => {
      const customProperty = Array.from({ length: 60 }, (_each, index) => ({ name: `p${index}`, int: { eq: '1' } }));
      const { errors } = await versions({ w: { customProperty } });
      expect(errors?.map(({ message, extensions }) => [message, extensions])).toEqual([
        [
          "'where' is wrong: it names more than 50 properties and neighbours, or has too many alternatives.",
          { code: 'BAD_USER_INPUT', argument: 'where' },
        ],
      ]);
    });

    test('a where whose texts are too long in all', async () => {
      if (kind === 'remote') return;
      const { errors } = await versions({ w: { externalId: { in: Array(10).fill('x'.repeat(9_000)) } } });
      expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'where' });
    });
  },
);
