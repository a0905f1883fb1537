import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { putTypes } from './fill.ts';
import { type Harness, openHarness, post, STORE_KINDS } from './harness.ts';
import { requireReference, tfxImdb } from './reference/require.ts';

/** Nothing of the inside may stand in an answer: SQL, tables, paths, addresses, stacks, library names. */
const INSIDE =
  /SELECT|INSERT|sqlite|`\w+`|Query executor|zetasql|No matching signature|\bat \w+.*:\d+:\d+|node_modules|\/src\/|\/tmp\/|127\.0\.0\.1:\d+|grpc|ECONN|UNKNOWN:/i;

describe.each(STORE_KINDS)('bad input, %s store', (kind) => {
  const missing = requireReference();
  let harness: Harness;
  beforeAll(async () => {
    if (!missing) harness = await openHarness({ kind, file: tfxImdb });
  });
  afterAll(() => harness?.[Symbol.asyncDispose]());

  const ids = {
    'no number': ['{ artifact(databaseId: "abc") { id } }', 'databaseId'],
    'a fraction': ['{ execution(databaseId: "1.5") { id } }', 'databaseId'],
    'nothing at all': ['{ context(databaseId: "") { id } }', 'databaseId'],
    'more than 64 bits': ['{ artifact(databaseId: "9223372036854775808") { id } }', 'databaseId'],
    'a space before': ['{ artifact(databaseId: " 1") { id } }', 'databaseId'],
    SQL: ['{ artifact(databaseId: "1; DROP TABLE Artifact") { id } }', 'databaseId'],
    'no global id': ['{ node(id: "1") { id } }', 'id'],
    'an unknown kind': [`{ node(id: "${Buffer.from('Thing:1').toString('base64url')}") { id } }`, 'id'],
    'a padded global id': ['{ node(id: "QXJ0aWZhY3Q6MTk=") { id } }', 'id'],
    'one bad global id among good ones': ['{ nodes(ids: ["QXJ0aWZhY3Q6MTk", "?"]) { id } }', 'ids'],
  } as const;

  test.skipIf(missing).each(Object.entries(ids))('refuses an id that is %s', async (_name, [query, argument]) => {
    const { status, errors } = await harness.query(query);
    expect(status).toBe(200);
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', argument } });
    expect(errors?.[0]?.message).toContain(`'${argument}'`);
    expect(JSON.stringify(errors)).not.toMatch(INSIDE);
  });

  test.skipIf(missing)('takes the greatest and the least id for absent ones', async () => {
    const { data, errors } = await harness.query(
      '{ a: artifact(databaseId: "9223372036854775807") { id } b: context(databaseId: "-9223372036854775808") { id } }',
    );
    expect({ data, errors }).toEqual({ data: { a: null, b: null }, errors: undefined });
  });

  const filters = {
    'an unknown attribute': ['foo = 1', 1],
    'a missing value': ['id = ', 6],
    'an empty list': ['id IN ()', 8],
    'a word too many': ["name = 'x' garbage", 12],
    'a text for a number': ["id = 'a'", 6],
    'a number for a text': ['uri = 5', 7],
    'a number beyond 64 bits': ['id = 99999999999999999999', 6],
    'a quote that does not end': ["uri = 'it", 7],
    'a fraction in a list of ids': ["id IN (1.5, 'x')", 13],
    'an unknown state': ['state = SLEEPING', 9],
    'an injection': ["name = 'x') OR (1 = 1", 11],
    'a second statement': ['id = 1; DROP TABLE Artifact', 7],
  } as const;

  test.skipIf(missing).each(Object.entries(filters))('refuses a filter with %s', async (_name, [filter, position]) => {
    const { errors } = await harness.query('query ($f: String) { artifacts(filterQuery: $f) { nodes { id } } }', {
      f: filter,
    });
    expect(errors).toHaveLength(1);
    const extensions = errors?.[0]?.extensions;
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'filterQuery' });
    expect(errors?.[0]?.message).toMatch(/filterQuery/);
    expect(JSON.stringify(errors)).not.toMatch(INSIDE);
    // The engine tells the place of most faults, if not always the same one.
    if (kind === 'embedded') expect(extensions?.position).toBe(position);
  });

  // A filter as deep as this ends the process of the C++ server.
  test.skipIf(missing)('refuses a filter that is too deep, and goes on', async () => {
    const query = 'query ($f: String) { artifacts(filterQuery: $f) { nodes { id } } }';
    for (const filter of [
      `${'NOT '.repeat(6_000)}id = 1`,
      `${'('.repeat(600)}id = 1${')'.repeat(600)}`,
      `name = '${'x'.repeat(70_000)}'`,
    ]) {
      const { errors } = await harness.query(query, { f: filter });
      expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', argument: 'filterQuery' } });
    }
    expect((await harness.query(query, { f: 'id = 19' })).data.artifacts.nodes).toHaveLength(1);
  });

  test.skipIf(missing).each([['events'], ['events', 'a', 'b', 'c', 'd'], ['events', ['1'], ['2'], ['3']]])(
    'refuses a cursor of events made by hand: %j',
    async (...parts) => {
      const after = Buffer.from(JSON.stringify(parts)).toString('base64url');
      const { errors } = await harness.query(
        `{ artifact(databaseId: "1") { events(after: "${after}") { totalCount } } }`,
      );
      expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', argument: 'after' } });
    },
  );

  test.skipIf(missing)('a field with a bad filter fails alone', async () => {
    const { data, errors } = await harness.query(
      '{ good: artifact(databaseId: "19") { uri } bad: artifacts(filterQuery: "nope") { nodes { id } } }',
    );
    expect(data).toEqual({ good: { uri: 'pipelines/imdb-pipeline/Pusher/pushed_model/10' }, bad: null });
    expect(errors?.map(({ path }) => path)).toEqual([['bad']]);
  });
});

describe('bad requests', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness({ fill: async (store) => void (await putTypes(store)) });
  });
  afterAll(() => harness?.[Symbol.asyncDispose]());

  test('filters of types name their place', async () => {
    for (const [filter, position] of [
      ['nam = 1', 1],
      ['name LIKE 1', 1],
      ['name = 1', 1],
      ['name ==', 7],
    ] as const) {
      const { errors } = await harness.query('query ($f: String) { artifactTypes(filterQuery: $f) { nodes { id } } }', {
        f: filter,
      });
      expect(errors?.[0]).toMatchObject({ extensions: { argument: 'filterQuery', position } });
    }
  });

  const bodies = {
    'no JSON': ['{', 400],
    'no query': ['{}', 400],
    'an array': ['[{"query":"{__typename}"}]', 400],
    'a syntax error': [{ query: '{ artifact(' }, 400],
    'an unknown field': [{ query: '{ artefact(databaseId: "1") { id } }' }, 400],
    'an unknown operation': [{ query: 'query A { __typename }', operationName: 'B' }, 400],
    'a missing variable': [{ query: 'query ($id: ID!) { node(id: $id) { id } }' }, 400],
    'a variable of another type': [
      { query: 'query ($n: Int) { artifacts(first: $n) { nodes { id } } }', variables: { n: 'x' } },
      400,
    ],
    'an enum value that is none': [{ query: '{ artifacts(orderBy: { field: NAME }) { nodes { id } } }' }, 400],
    'a mutation': [{ query: 'mutation { x }' }, 400],
  } as const;

  test.each(Object.entries(bodies))('%s is a 400 that tells why', async (_name, [body, status]) => {
    const answer = await post(harness.url, body);
    expect(answer.status).toBe(status);
    expect(answer.errors?.[0]?.message).toBeTruthy();
    expect(JSON.stringify(answer)).not.toMatch(INSIDE);
  });

  test('a page of another origin is refused, whatever it sends', async () => {
    const query = { query: '{ __typename }' };
    expect((await post(harness.url, query, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await post(harness.url, query, { origin: 'null' })).status).toBe(403);
    expect((await post(harness.url, query, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    const own = await post(harness.url, query, { origin: harness.url, 'sec-fetch-site': 'same-origin' });
    expect(own).toMatchObject({ status: 200, data: { __typename: 'Query' } });
    const foreign = await post(harness.url, query, { origin: 'https://evil.example' });
    expect(foreign.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  test('on loopback, a foreign Host is refused at every door', async () => {
    const { request } = await import('node:http');
    for (const path of ['/graphql', '/graphiql', '/healthz', '/']) {
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const outgoing = request(`${harness.url}${path}`, { headers: { host: 'rebound.example' } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        outgoing.on('error', reject).end();
      });
      expect(status).toBe(403);
    }
  });

  test('requests that a form could send are refused', async () => {
    const url = `${harness.url}/graphql`;
    expect((await fetch(`${url}?query={__typename}`)).status).toBe(400);
    expect((await fetch(url, { method: 'POST', body: '{"query":"{__typename}"}' })).status).toBe(400);
    const form = { method: 'POST', body: new URLSearchParams({ query: '{__typename}' }) };
    expect((await fetch(url, form)).status).toBe(415);
    const simple = await fetch(`${url}?query={__typename}`, { headers: { 'apollo-require-preflight': 'yes' } });
    expect(await simple.json()).toEqual({ data: { __typename: 'Query' } });
  });

  test("a browser is not sent to anybody else's page", async () => {
    const page = await fetch(`${harness.url}/graphql`, { headers: { accept: 'text/html' } });
    expect(await page.text()).not.toMatch(/https?:\/\//);
  });

  test('a path that cannot be read is told like any other bad request', async () => {
    const { errors } = (await (await fetch(`${harness.url}/%ff`)).json()) as { errors: { message: string }[] };
    expect(errors).toHaveLength(1);
    expect(JSON.stringify(errors)).not.toMatch(/FST_|fastify/i);
  });

  test('unknown paths and methods are told in JSON', async () => {
    const missing = await fetch(`${harness.url}/nothing?secret=1`);
    expect({ status: missing.status, body: await missing.text() }).toEqual({
      status: 404,
      body: expect.stringMatching(
        /^\{"errors":\[\{"message":"There is nothing at \/nothing\.","extensions":\{"code":"NOT_FOUND","retryable":false,"requestId":"[\w-]{36}"\}\}\]\}$/,
      ),
    });
    expect((await fetch(`${harness.url}/graphql`, { method: 'DELETE' })).status).toBe(404);
  });
});
