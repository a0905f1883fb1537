import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { encodeCursor } from '../../src/domain/cursor.ts';
import { toGlobalId } from '../../src/domain/ids.ts';
import { putChain, range } from '../fill.ts';
import { type Harness, openHarness } from '../harness.ts';
import { type Arguments, artifact, ask, context, execution, idsOf, send } from './ask.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness({ fill: (store) => putChain(store, 10) });
});
afterAll(() => harness?.[Symbol.asyncDispose]());

const of = [artifact(5n)];

/** Arguments that are refused, with the argument that is blamed. */
const REFUSED: Readonly<Record<string, readonly [Arguments, string]>> = {
  'the id of a type': [{ of: [toGlobalId('ArtifactType', 1n)] }, 'of'],
  'no id': [{ of: ['garbage'] }, 'of'],
  'an empty id': [{ of: [''] }, 'of'],
  'an id with padding': [{ of: [`${artifact(1n)}=`] }, 'of'],
  'an id beyond 64 bits': [{ of: [toGlobalId('Artifact', 2n ** 63n)] }, 'of'],
  'too many ids': [{ of: range(10_001).map((index) => artifact(BigInt(index))) }, 'of'],
  'a negative depth': [{ of, maxDepth: -1 }, 'maxDepth'],
  'too great a depth': [{ of, maxDepth: 10_001 }, 'maxDepth'],
  'no nodes': [{ of, maxNodes: 0 }, 'maxNodes'],
  'negative nodes': [{ of, maxNodes: -1 }, 'maxNodes'],
  'too many nodes': [{ of, maxNodes: 10_001 }, 'maxNodes'],
  'no id in the filter': [{ of, filter: { ids: ['garbage'] } }, 'filter.ids'],
  'the id of a type in stopAt': [{ of, stopAt: { ids: [toGlobalId('ContextType', 1n)] } }, 'stopAt.ids'],
  'too many ids in the filter': [
    { of, filter: { ids: range(10_001).map((index) => artifact(BigInt(index))) } },
    'filter.ids',
  ],
  'a cursor that is none': [{ of, after: 'garbage' }, 'after'],
  'an empty cursor': [{ of, after: '' }, 'after'],
  'a cursor of another list': [{ of, after: encodeCursor('events', [1n, 2n, 3n, 4n]) }, 'after'],
  'a cursor that lacks a part': [{ of, after: encodeCursor('lineage', [1n, 2n, 3n, 'x']) }, 'after'],
  'a cursor of no walk': [{ of, after: encodeCursor('lineage', [1n, 0n, 3n, 0n, 'x']) }, 'after'],
};

describe('what is refused', () => {
  test.each(Object.entries(REFUSED))('%s', async (_name, [args, argument]) => {
    const { status, errors } = await send(harness, args);
    expect({ status, errors }).toMatchObject({
      status: 200,
      errors: [{ extensions: { code: 'BAD_USER_INPUT', argument } }],
    });
    expect(errors?.[0]?.message).toContain(`'${argument}'`);
    expect(errors).toHaveLength(1);
  });

  test.each([
    ['another start', { of: [artifact(4n)] }],
    ['more starts', { of: [...of, artifact(4n)] }],
    ['another direction', { of, direction: 'UPSTREAM' }],
    ['a filter', { of, filter: { types: ['Thing'] } }],
    ['an end', { of, stopAt: { types: ['Thing'] } }],
    ['contexts', { of, through: ['CONTEXTS'] }],
    ['a time', { of, asOf: '2999-01-01T00:00:00Z' }],
  ] as const)('a cursor with %s', async (_name, args) => {
    const { cursor } = (await ask(harness, { of, maxNodes: 1 })).completeness;
    const { errors } = await send(harness, { ...args, after: cursor });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'after' } }]);
    expect(errors?.[0]?.message).toContain("only 'maxNodes' and 'maxDepth' may change");
  });

  test.each([
    ['an unknown direction', '{ lineage(of: [], direction: SIDEWAYS) { missing } }'],
    ['no start', '{ lineage { missing } }'],
    ['no time', '{ lineage(of: [], asOf: "yesterday") { missing } }'],
    ['an unknown state', '{ lineage(of: [], filter: { states: [DONE] }) { missing } }'],
  ])('%s', async (_name, query) => {
    const { errors } = await harness.query(query);
    expect(errors?.[0]?.extensions.code).toMatch(/^(GRAPHQL_VALIDATION_FAILED|BAD_USER_INPUT)$/);
  });
});

describe('what is allowed', () => {
  test('no start nodes at all', async () => {
    expect(await ask(harness, { of: [] })).toEqual({
      ...{ nodes: [], edges: [], missing: [], fidelity: null },
      completeness: { complete: true, reason: null, omittedNodes: 0, cursor: null },
    });
  });

  test('ids without nodes, which are told as missing, each once and on each page', async () => {
    const unknown = [artifact(999n), execution(-1n), context(2n ** 63n - 1n), artifact(0n)];
    const args = { of: [...unknown, ...of, ...unknown], maxNodes: 1 };
    const page = await ask(harness, args);
    expect([page.missing, idsOf(page)]).toEqual([unknown, of]);
    expect((await ask(harness, { ...args, after: page.completeness.cursor })).missing).toEqual(unknown);
    expect(await ask(harness, { of: unknown })).toMatchObject({ missing: unknown, completeness: { complete: true } });
  });

  test('a start that is named twice is one', async () => {
    expect(idsOf(await ask(harness, { of: [...of, ...of], maxDepth: 0 }))).toEqual(of);
  });

  test('the same question in other words: starts in another order, defaults said or not', async () => {
    const both = [artifact(5n), execution(2n)];
    const { cursor } = (await ask(harness, { of: both, maxNodes: 1 })).completeness;
    const args = { of: both.toReversed(), direction: 'BIDIRECTIONAL', maxNodes: 7, maxDepth: 3, after: cursor };
    expect(idsOf(await ask(harness, args))).toHaveLength(7);
    expect((await send(harness, { of: both, direction: null, filter: null, after: cursor })).errors).toBeUndefined();
    expect((await send(harness, { of: both, through: [], filter: {}, after: cursor })).errors).toBeUndefined();
  });

  test('nulls in place of everything', async () => {
    const nulls = { direction: null, maxDepth: null, maxNodes: null, filter: null, stopAt: null, through: null };
    const page = await ask(harness, { of, ...nulls, asOf: null, after: null });
    expect(page).toEqual(await ask(harness, { of }));
    const empty = { types: null, states: null, createdBefore: null, createdAfter: null, ids: null };
    expect(await ask(harness, { of, filter: empty, stopAt: empty })).toEqual(page);
  });

  test('a cursor that somebody made deeper than the walk is, which then has nothing behind it', async () => {
    const { cursor } = (await ask(harness, { of, maxNodes: 1 })).completeness;
    const parts: unknown[] = JSON.parse(Buffer.from(cursor ?? '', 'base64url').toString());
    const walk = String(parts.at(-1));
    for (const depth of [2n ** 62n, -5n]) {
      const after = encodeCursor('lineage', [depth, 7n, -3n, 2n ** 62n, walk]);
      const page = await ask(harness, { of, after });
      expect(page.completeness.complete).toBe(true);
    }
  });
});
