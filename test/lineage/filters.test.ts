import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Harness, openHarness } from '../harness.ts';
import { KINDS } from '../registry/rig.ts';
import { ask, idsOf, type Page } from './ask.ts';
import { idOf, linksOf, type Name, nameOf, putSmallWorld } from './small-world.ts';

/** What is downstream of `written`, nearest first. */
const ALL = ['written', 'byKfp', 'V', 'metric', 'doc', 'D', 'M', 'S', 'newest', 'E'] as const satisfies readonly Name[];

/** Filters, and which of these nodes they show. */
const FILTERS: readonly (readonly [name: string, filter: object, shown: readonly Name[]])[] = [
  ['a full name of a type', { types: ['kf.ModelVersion'] }, ['V']],
  ['a short name of a type', { types: ['ModelVersion'] }, ['V']],
  ['several names', { types: ['Model', 'kf.Metric', 'ServeModel'] }, ['written', 'metric', 'D']],
  ['a name that no type has', { types: ['modelversion', 'kf.*', ''] }, []],
  ['no names', { types: [] }, []],
  ['the state of a context', { states: ['ARCHIVED'] }, ['V']],
  ['a state of artifacts and contexts', { states: ['LIVE'] }, ['M']],
  ['a state of executions', { states: ['COMPLETE', 'FAILED'] }, ['D']],
  ['artifacts without a state', { states: ['UNKNOWN'] }, ['written', 'byKfp', 'metric', 'doc']],
  ['states that no node has', { states: ['NEW', 'RUNNING', 'DELETED', 'ABANDONED', 'CANCELED'] }, []],
  ['ids', { ids: ['S', 'byKfp', 'data'].map((name) => idOf(name as Name)) }, ['byKfp', 'S']],
  ['no ids', { ids: [] }, []],
  ['after a time', { createdAfter: '2020-01-01T00:00:00Z' }, ALL],
  ['before a time', { createdBefore: '2020-01-01T00:00:00Z' }, []],
  ['all at once', { types: ['ModelVersion', 'RegisteredModel'], states: ['LIVE'], ids: [idOf('M'), idOf('V')] }, ['M']],
  ['nothing', {}, ALL],
];

describe.each(KINDS)('filters of a lineage, %s store', (kind) => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness({ kind, fill: putSmallWorld });
  });
  afterAll(() => harness?.[Symbol.asyncDispose]());

  const walk = (args: object): Promise<Page> =>
    ask(harness, { of: [idOf('written')], direction: 'DOWNSTREAM', ...args });
  const names = (page: Page) => idsOf(page).map(nameOf);

  test.each(FILTERS)('show by %s, and the walk goes on', async (_name, filter, shown) => {
    const page = await walk({ filter });
    expect(names(page)).toEqual(shown);
    // Links name what is hidden by its id.
    expect(linksOf(page)).toEqual(linksOf(await walk({})));
    expect(page.completeness.complete).toBe(true);
  });

  test.each(FILTERS)('end the walk by %s, and the nodes are shown', async (_name, stopAt, stopped) => {
    const reached = names(await walk({ stopAt }));
    // Without conditions it ends nothing.
    if (Object.keys(stopAt).length === 0) return expect(reached).toEqual(ALL);
    expect(ALL.filter((name) => reached.includes(name))).toEqual(reached);
    for (const name of stopped) if (name === 'byKfp') expect(reached).toEqual(['written', 'byKfp']);
    const isIn = (name: Name) => (stopped as readonly string[]).includes(name);
    expect(reached.includes('V')).toBe(!isIn('byKfp'));
    return expect(reached.includes('E')).toBe(!isIn('byKfp') && !isIn('V') && !(isIn('S') && isIn('newest')));
  });

  test('a start is gone on from and hidden like any other', async () => {
    const types = { types: ['system.Model'] };
    expect(names(await walk({ stopAt: types }))).toEqual(ALL);
    expect(names(await walk({ stopAt: types, filter: { types: ['ModelVersion'] } }))).toEqual(['V']);
  });

  test('only what is shown counts for maxNodes', async () => {
    const filter = { types: ['Metric', 'DocArtifact', 'ServingEnvironment'] };
    const first = await walk({ filter, maxNodes: 2 });
    expect(names(first)).toEqual(['metric', 'doc']);
    expect(first.completeness).toMatchObject({ complete: false, reason: 'MAX_NODES' });
    const second = await walk({ filter, maxNodes: 2, after: first.completeness.cursor });
    expect(names(second)).toEqual(['E']);
    expect(second.completeness.complete).toBe(true);
    expect([...linksOf(first), ...linksOf(second)].sort()).toEqual(linksOf(await walk({})));
  });

  test('only the nodes that a filter is about are read for it', async () => {
    harness.calls.length = 0;
    await walk({ filter: { ids: [idOf('V')] }, maxDepth: 1 });
    const before = harness.calls.length;
    await walk({ filter: { types: ['ModelVersion'] }, maxDepth: 1 });
    expect(harness.calls.length - before).toBeLessThanOrEqual(before + 1);
  });
});
