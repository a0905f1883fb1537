import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { fillWithDemoData } from '../../src/demo/fill.ts';
import { type Harness, openHarness } from '../harness.ts';
import { KINDS } from '../registry/rig.ts';
import { ask } from './ask.ts';

const BASE = '/api/modelgraph/v1';

describe.each(KINDS)('lineage over REST, on the %s store', (kind) => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness({ kind, fill: fillWithDemoData });
  });
  afterAll(() => harness?.[Symbol.asyncDispose]());

  const get = (path: string) => ask(harness.url, 'GET', `${BASE}${path}`);

  /** The same answer as GraphQL's, but for what is null there and absent here. */
  async function expectSame(path: string, query: string): Promise<void> {
    const { status, json } = await get(path);
    expect(status).toBe(200);
    const { data } = await harness.query(query);
    const [answer] = Object.values(data);
    expect(json).toEqual(JSON.parse(JSON.stringify(answer, (_key, value) => value ?? undefined)));
  }

  const completeness = 'completeness { complete reason omittedNodes cursor }';

  test('is the lineage that GraphQL gives', async () => {
    const shown = `nodes { id kind label changedSince } edges { from { id } to { id } kind derivedFrom } ${completeness} fidelity missing`;
    await expectSame(
      '/lineage?of=context:35,artifact:999&direction=UPSTREAM&maxNodes=5&types=ModelVersion,Trainer,Examples',
      `{ lineage(of: ["context:35", "artifact:999"], direction: UPSTREAM, maxNodes: 5, filter: { types: ["ModelVersion", "Trainer", "Examples"] }) { ${shown} } }`,
    );
  });

  test('goes on behind its cursor', async () => {
    const pages: string[][] = [];
    for (let after: string | undefined = ''; after !== undefined; ) {
      const { json } = await get(`/lineage?of=artifact:1&direction=DOWNSTREAM&maxNodes=40&after=${after}`);
      const page = json as { nodes: { id: string }[]; completeness: { cursor?: string } };
      pages.push(page.nodes.map(({ id }) => id));
      after = page.completeness.cursor;
    }
    const { json } = await get('/lineage?of=artifact:1&direction=DOWNSTREAM');
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat()).toEqual((json as { nodes: { id: string }[] }).nodes.map(({ id }) => id));
  });

  test('is as of a time, told in milliseconds', async () => {
    const { json } = await get('/lineage?of=artifact:1&asOf=1');
    expect(json).toMatchObject({ nodes: [], missing: ['artifact:1'], fidelity: 'CURRENT_VALUES' });
  });

  test('tells what depends on something', async () => {
    const item = 'depth node { id kind label changedSince } path { id }';
    await expectSame(
      '/impact?of=artifact:1&maxNodes=12',
      `{ impact(of: ["artifact:1"], maxNodes: 12) { counts { kind count } items { ${item} } ${completeness} missing } }`,
    );
  });

  test('tells what is different', async () => {
    const node = '{ id kind label changedSince }';
    await expectSame(
      '/diff?a=context:33&b=context:34',
      `{ provenanceDiff(a: "context:33", b: "context:34") { added removed changed changes { change cause depth role before ${node} after ${node} differences { field before after } } ${completeness} } }`,
    );
  });

  test.each([
    ['/lineage', 'of'],
    ['/lineage?of=nothing', 'of'],
    ['/lineage?of=artifact:1,artifact:x', 'of'],
    ['/lineage?of=artifact:1&direction=SIDEWAYS', 'SIDEWAYS'],
    ['/lineage?of=artifact:1&maxNodes=10001', 'maxNodes'],
    ['/lineage?of=artifact:1&maxDepth=-1', 'maxDepth'],
    ['/lineage?of=artifact:1&after=x', 'after'],
    ['/lineage?of=artifact:1&asOf=yesterday', 'asOf'],
    ['/impact?of=artifact:1&until=TOMORROW', 'TOMORROW'],
    ['/diff?a=artifact:1', 'b'],
    ['/diff?a=artifact:1&b=context:34', 'b'],
  ])('%s is a 400 that names what is wrong', async (path, word) => {
    const { status, json } = await get(path);
    expect({ status, ...(json as object) }).toMatchObject({
      status: 400,
      code: 'Bad Request',
      message: expect.stringContaining(word),
    });
  });

  test('a node that is not there is a 404 where there is nothing to tell of', async () => {
    expect(await get('/diff?a=artifact:1&b=artifact:999999')).toMatchObject({ status: 404 });
  });
});
