import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { putArtifacts, putContexts, putTypes, range } from './fill.ts';
import { type Harness, openHarness } from './harness.ts';

/** 250 artifacts that share one millisecond, in three contexts; the third holds the last of them only. */
async function fill(store: Harness['store']): Promise<void> {
  const types = await putTypes(store);
  const artifactIds = await putArtifacts(store, types.artifact, 250);
  const [first = 0n, second = 0n, third = 0n] = await putContexts(store, types.context, 3);
  await store.putAttributionsAndAssociations({
    attributions: [
      ...artifactIds.map((artifactId) => ({ artifactId, contextId: first })),
      ...artifactIds.map((artifactId) => ({ artifactId, contextId: second })),
      { artifactId: artifactIds.at(-1) ?? 0n, contextId: third },
    ],
    associations: [],
  });
}

/** 70 contexts, each with 150 artifacts of its own. */
async function fillCrowded(store: Harness['store']): Promise<void> {
  const types = await putTypes(store);
  const contextIds = await putContexts(store, types.context, 70);
  const artifactIds = await putArtifacts(store, types.artifact, 70 * 150);
  const attributions = artifactIds.map((artifactId, index) => ({
    artifactId,
    contextId: contextIds[Math.floor(index / 150)] ?? 0n,
  }));
  await store.putAttributionsAndAssociations({ attributions, associations: [] });
}

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness({ fill });
});
afterAll(() => harness?.[Symbol.asyncDispose]());

describe('a page', () => {
  const refused = {
    'literal 0': ['{ artifacts(first: 0) { nodes { id } } }', {}],
    'literal 101': ['{ artifacts(first: 101) { nodes { id } } }', {}],
    'negative literal': ['{ artifacts(first: -1) { nodes { id } } }', {}],
    variable: ['query ($n: Int) { artifacts(first: $n) { nodes { id } } }', { n: 1_000 }],
    "variable's default": ['query ($n: Int = 500) { contexts(first: $n) { nodes { id } } }', {}],
    'list of types': ['{ artifactTypes(first: 101) { nodes { id } } }', {}],
    'nested list': ['{ context(databaseId: "1") { artifacts(first: 101) { nodes { id } } } }', {}],
    'list of events': ['{ artifact(databaseId: "1") { events(first: 0) { nodes { type } } } }', {}],
    'list of relatives': ['{ context(databaseId: "1") { parents(first: 1000) { nodes { id } } } }', {}],
    'list of contexts': ['{ artifact(databaseId: "1") { contexts(first: 101) { nodes { id } } } }', {}],
  } as const;

  test.each(Object.entries(refused))("refuses 'first' outside of 1 to 100: %s", async (_name, [query, variables]) => {
    const { errors } = await harness.query(query, variables);
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', argument: 'first' } });
    expect(errors?.[0]?.message).toMatch(/'first' is -?\d+; it has to be from 1 to 100\./);
  });

  test('refuses a number that no Int can be', async () => {
    const { status, errors } = await harness.query('query ($n: Int) { artifacts(first: $n) { nodes { id } } }', {
      n: 3e9,
    });
    expect({ status, code: errors?.[0]?.extensions.code }).toEqual({ status: 400, code: 'BAD_USER_INPUT' });
  });

  test('holds 20 rows by default, and says that there are more', async () => {
    const { data } = await harness.query('{ artifacts(first: null) { nodes { id } pageInfo { hasNextPage } } }');
    expect(data.artifacts).toMatchObject({ nodes: { length: 20 }, pageInfo: { hasNextPage: true } });
  });

  test('takes at most 100 global ids', async () => {
    const ids = range(101).map((index) => Buffer.from(`Artifact:${index}`).toString('base64url'));
    const { errors } = await harness.query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', argument: 'ids' } });
  });
});

describe('a request', () => {
  const lists = (count: number) =>
    range(count)
      .map((index) => `_${index}: artifacts(first: 100) { nodes { uri } }`)
      .join(' ');

  /** Two contexts, of each 10 times 20 artifacts, of each two contexts with so many artifacts: 20 x (60 + 40 x `rows`) + 2. */
  const known = (rows: number) => {
    const inner = `contexts { nodes { artifacts(first: ${rows}) { nodes { uri } } } }`;
    const list = (index: number) => `_${index}: artifacts { nodes { ${inner} } }`;
    return `{ contexts(first: 2) { nodes { ${range(10).map(list).join(' ')} } } }`;
  };

  test('may find 9,202 nodes', async () => {
    const { errors, data } = await harness.query(known(10));
    expect(errors).toBeUndefined();
    expect(Object.values(data.contexts.nodes[1])).toHaveLength(10);
  });

  test('that finds 10,002 is refused with one error', async () => {
    const { errors, data } = await harness.query(known(11));
    expect(data).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX');
  });

  test('is refused before the list beyond the limit is loaded', async () => {
    harness.calls.length = 0;
    const last = 'artifacts(first: 90) { nodes { uri } }';
    const { data, errors } = await harness.query(
      `{ artifacts(first: 100) { nodes { contexts { nodes { ${last} } } } } }`,
    );
    expect(data).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX');
    // 100 artifacts, 200 places of their two contexts, 18,000 of the artifacts of those, which are not read.
    expect(harness.calls).toEqual([
      'GetArtifacts(100)',
      'GetLineageSubgraph(100)',
      'GetContextsByID(2)',
      'ArtifactsOfContexts(2)',
    ]);
  });

  test('is not refused for what a list could hold that it gives no size', async () => {
    // By page sizes 20 x 100 x 20 x 10; really 3 contexts with 250 + 250 + 1 artifacts, of which a page shows 100.
    const { errors, data } = await harness.query(`{ contexts { nodes {
      artifacts(first: 100) { nodes { contexts { nodes { artifacts(first: 10) { nodes { uri } } } } } }
    } } }`);
    expect(errors).toBeUndefined();
    expect(data.contexts.nodes.map((each: { artifacts: { nodes: unknown[] } }) => each.artifacts.nodes.length)).toEqual(
      [100, 100, 1],
    );
  });

  test('is refused for the sizes that it gives before anything is read', async () => {
    harness.calls.length = 0;
    const { status, errors } = await harness.query(`{ contexts(first: 100) { nodes {
      artifacts(first: 100) { nodes { contexts(first: 100) { nodes { artifacts(first: 10) { nodes { uri } } } } } }
    } } }`);
    expect({ status, code: errors?.[0]?.extensions.code }).toEqual({ status: 400, code: 'QUERY_TOO_COMPLEX' });
    expect(harness.calls).toEqual([]);
  });

  test('is not refused for what has to be read to find a little', async () => {
    await using crowded = await openHarness({ fill: fillCrowded });
    const { errors, data } = await crowded.query(
      '{ contexts(first: 100) { nodes { artifacts(first: 1) { nodes { uri } pageInfo { hasNextPage } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.contexts.nodes).toHaveLength(70);
    for (const { artifacts } of data.contexts.nodes) {
      expect(artifacts).toMatchObject({ nodes: { length: 1 }, pageInfo: { hasNextPage: true } });
    }
  });

  test('shows each list of properties a few times, not hundreds of times by aliases', async () => {
    const aliases = range(24).map((index) => `_${index}: propertyMap`);
    const inner = `contexts { nodes { artifacts(first: 10) { nodes { ${aliases.join(' ')} } } } }`;
    // 100 artifacts, each with two contexts of which 10 are shown.
    const nodes = `artifacts(first: 100) { nodes { ${inner} } }`;
    expect((await harness.query(`{ context(databaseId: "1") { ${nodes} } }`)).errors).toBeUndefined();
    const { data, errors } = await harness.query(`{ contexts(first: 2) { nodes { ${nodes} } } }`);
    expect(data).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX');
  });

  test('gives others their turn between its reads', async () => {
    let turn = false;
    setTimeout(() => {
      turn = true;
    }, 1);
    // Embedded reads end in microtasks: without a pause among them no timer and no socket is heard until the last.
    let reads = 0;
    for (; !turn && reads < 50_000; reads += 1) await harness.store.getArtifactsById({ artifactIds: [1n] });
    expect(turn).toBe(true);
  });

  test('counts nodes that it meets again', async () => {
    const { errors, data } = await harness.query(`{ artifacts(first: 100) { nodes {
      contexts { nodes { artifacts(first: 90) { nodes { uri } } } }
    } } }`);
    expect(data).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX');
  });

  test('has no low limit of depth', async () => {
    const depth = 60;
    const query = `{ context(databaseId: "3") { ${'artifacts { nodes { contexts { nodes { '.repeat(depth)} id ${'} } } } '.repeat(depth)} } }`;
    const { errors } = await harness.query(query);
    expect(errors?.[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX');
    const single = `{ artifact(databaseId: "1") { ${'events { nodes { artifact { '.repeat(depth)} id ${'} } } '.repeat(depth)} } }`;
    expect((await harness.query(single)).errors).toBeUndefined();
  });

  test('is cut off with one error when its time is over', async () => {
    await using hasty = await openHarness({ fill, timeoutMs: 1 });
    const { data, errors } = await hasty.query(`{ ${lists(30)} }`);
    expect(data).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions.code).toBe('DEADLINE_EXCEEDED');
  });

  test('of too many tokens or too large a body is refused', async () => {
    const long = await harness.query(`{ ${'__typename '.repeat(1_000)} }`);
    expect({ status: long.status, code: long.errors?.[0]?.extensions.code }).toEqual({
      status: 400,
      code: 'GRAPHQL_PARSE_FAILED',
    });
    const large = await harness.query(`{ __typename # ${'x'.repeat(2 ** 20)}\n}`);
    expect(large.status).toBe(413);
    expect(large.errors?.[0]?.message).toBeTruthy();
  });
});
