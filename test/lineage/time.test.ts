import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { putChain } from '../fill.ts';
import { type Harness, openHarness } from '../harness.ts';
import { KINDS } from '../registry/rig.ts';
import { artifact, ask, context, execution, idsOf, type Page } from './ask.ts';

/** 2001-01-01 and so many minutes, in milliseconds. */
const minute = (count: number) => 978_307_200_000 + count * 60_000;
const at = (count: number) => new Date(minute(count)).toISOString();

/** Artifact n is made by execution n from the one before it in minute n, and was changed in minute 10 n. */
function date(file: string): void {
  const db = new DatabaseSync(file);
  for (const table of ['Artifact', 'Execution', 'Context']) {
    db.exec(`UPDATE ${table} SET create_time_since_epoch = ${minute(0)} + id * 60000,
      last_update_time_since_epoch = ${minute(0)} + id * 600000`);
  }
  db.exec(`UPDATE Event SET milliseconds_since_epoch = ${minute(0)} + execution_id * 60000`);
  // The third was read by its maker's successor long after; who wrote the eighth nobody dated.
  db.exec(`UPDATE Event SET milliseconds_since_epoch = ${minute(500)} WHERE artifact_id = 3 AND execution_id = 4`);
  db.exec('UPDATE Event SET milliseconds_since_epoch = NULL WHERE artifact_id = 8 AND execution_id = 8');
  db.close();
}

describe.each(KINDS)('a lineage as of a time, %s store', (kind) => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness({ kind, fill: (store) => putChain(store, 9) });
    date(harness.file);
  });
  afterAll(() => harness?.[Symbol.asyncDispose]());

  const walk = (from: string, minutes: number, args = {}): Promise<Page> =>
    ask(harness, { of: [from], direction: 'DOWNSTREAM', asOf: at(minutes), ...args });

  test('has what was there, to the millisecond, and no event that came later', async () => {
    const page = await walk(artifact(1n), 2);
    expect(idsOf(page)).toEqual([artifact(1n), execution(2n), artifact(2n)]);
    expect(page.edges).toHaveLength(2);
    expect(page.completeness).toMatchObject({ complete: true, omittedNodes: 0 });
    const before = await ask(harness, { of: [artifact(1n)], asOf: new Date(minute(2) - 1).toISOString() });
    expect(idsOf(before)).toEqual([artifact(1n), execution(1n)]);
    // The event of minute 500 is the only way to execution 4.
    expect(idsOf(await walk(artifact(1n), 499)).at(-1)).toBe(artifact(3n));
    expect(idsOf(await walk(artifact(1n), 500)).at(-1)).toBe(artifact(9n));
  });

  test('takes start nodes that came later for missing', async () => {
    const page = await walk(artifact(5n), 4);
    expect(page).toMatchObject({ nodes: [], missing: [artifact(5n)], completeness: { complete: true } });
  });

  test('goes on page by page', async () => {
    const first = await walk(artifact(1n), 3, { maxNodes: 2 });
    expect(first.completeness).toMatchObject({ reason: 'MAX_NODES', omittedNodes: 1 });
    const second = await walk(artifact(1n), 3, { after: first.completeness.cursor });
    expect([...idsOf(first), ...idsOf(second)]).toEqual(idsOf(await walk(artifact(1n), 3)));
  });

  test('is EXACT where nothing that is shown was changed since', async () => {
    const page = await walk(artifact(5n), 70);
    expect(idsOf(page)).toEqual([
      ...[artifact(5n), execution(6n), artifact(6n), execution(7n), artifact(7n), execution(8n), artifact(8n)],
      ...[execution(9n), artifact(9n)],
    ]);
    const shown = await walk(artifact(5n), 70, { stopAt: { ids: [artifact(7n)] } });
    expect(shown.fidelity).toBe('EXACT');
    expect(shown.nodes.map(({ changedSince }) => changedSince)).toEqual([null, null, null, null, null]);
  });

  test('has right NODES_AND_EVENTS where values were changed since, and tells which and when', async () => {
    const page = await walk(artifact(5n), 60, { stopAt: { ids: [artifact(7n)] } });
    expect(page.fidelity).toBe('NODES_AND_EVENTS');
    expect(page.nodes.map(({ id, changedSince }) => [id, changedSince])).toEqual([
      ...[artifact(5n), execution(6n), artifact(6n)].map((id) => [id, null]),
      ...[execution(7n), artifact(7n)].map((id) => [id, at(70)]),
    ]);
    // What is hidden was changed too, but is not shown.
    const hidden = { stopAt: { ids: [artifact(7n)] }, filter: { createdBefore: at(7) } };
    expect((await walk(artifact(5n), 60, hidden)).fidelity).toBe('EXACT');
  });

  test('is of CURRENT_VALUES where an event or a membership has no time', async () => {
    expect((await walk(artifact(5n), 90)).fidelity).toBe('CURRENT_VALUES');
    const page = await ask(harness, { of: [context(2n)], asOf: at(90), direction: 'UPSTREAM', maxDepth: 1 });
    expect([page.fidelity, page.edges[0]?.kind]).toEqual(['CURRENT_VALUES', 'MEMBER_OF']);
    const reached = await walk(artifact(5n), 90, { stopAt: { ids: [execution(8n)] } });
    expect(reached.fidelity).toBe('EXACT');
  });

  test('is of no fidelity without a time', async () => {
    const page = await ask(harness, { of: [artifact(5n)] });
    expect(page.fidelity).toBeNull();
    expect(new Set(page.nodes.map(({ changedSince }) => changedSince))).toEqual(new Set([null]));
  });

  test('tells of the ends of links what it tells of nodes', async () => {
    const { data } = await harness.query(
      `{ lineage(of: "${artifact(6n)}", direction: UPSTREAM, maxDepth: 1, asOf: "${at(10)}") {
        nodes { id changedSince } edges { from { id changedSince } to { id changedSince } } } }`,
    );
    const [one, other] = data.lineage.nodes;
    expect(one.changedSince).toBe(at(60));
    expect(data.lineage.edges).toEqual([{ from: other, to: one }]);
  });

  test('times as literals, and in filters', async () => {
    const { data } = await harness.query(
      `{ lineage(of: "${artifact(1n)}", asOf: "${at(3)}", filter: { createdAfter: "${at(1)}", createdBefore: "${at(3)}" }) { nodes { id } } }`,
    );
    expect(idsOf(data.lineage)).toEqual([execution(2n), artifact(2n)]);
  });
});
