import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { putArtifacts, putContexts, putTypes } from '../fill.ts';
import { type Harness, openHarness } from '../harness.ts';
import { expectNoLeak } from '../leaks.ts';

/** A request, and how it is to be answered. */
interface Attack {
  readonly query?: string | undefined;
  readonly variables?: unknown;
  readonly operationName?: string;
  /** In place of the three above. */
  readonly body?: string;
  readonly method?: string;
  readonly search?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly code?: string | undefined;
  /** What the whole answer has to match. */
  readonly says?: RegExp;
  readonly saysNot?: RegExp;
  /** Headers that the answer has to have. */
  readonly tells?: Readonly<Record<string, string>>;
}

const INVALID = { status: 400, code: 'GRAPHQL_VALIDATION_FAILED' } as const;
const UNPARSED = { status: 400, code: 'GRAPHQL_PARSE_FAILED' } as const;
const COSTLY = { status: 400, code: 'QUERY_TOO_COMPLEX' } as const;
const BAD_INPUT = { status: 400, code: 'BAD_USER_INPUT' } as const;
const BAD_REQUEST = { status: 400, code: 'BAD_REQUEST' } as const;
const SERVED = { status: 200, code: undefined } as const;

const many = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

/** 100 x 100 x 3 places. */
const wide = (first: string) =>
  `contexts(first: ${first}) { nodes { artifacts(first: ${first}) { nodes { type { name } } } } }`;

const bomb = (leaf: string) =>
  `{ ...F0 } ${many(18, (index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`)} fragment F18 on Query { ${leaf} }`;

const nested = (levels: number, leaf = '') => '['.repeat(levels) + leaf + ']'.repeat(levels);

/** By the rows of the list of attacks that the project keeps; the names begin with the row. */
const ATTACKS: Readonly<Record<string, Attack>> = {
  'introspection: __schema': { query: '{ __schema { types { name } } }', ...INVALID },
  'introspection: __type': { query: '{ __type(name: "Query") { name } }', ...INVALID },
  'introspection: over lines': { query: '{\n\n__schema\n{\ntypes\n{ name } } }', ...INVALID },
  'introspection: circular': {
    query: `{ __schema { types { ${'fields { type { '.repeat(8)} name ${'} } '.repeat(8)} } } }`,
    ...INVALID,
  },
  'introspection: by a fragment': { query: '{ ...F } fragment F on Query { __schema { types { name } } }', ...INVALID },

  'suggestions: of a field': { query: '{ artefacts { nodes { id } } }', ...INVALID, saysNot: /Did you mean/ },
  'suggestions: of an argument': {
    query: '{ artifacts(frist: 1) { nodes { id } } }',
    ...INVALID,
    saysNot: /Did you mean/,
  },
  'suggestions: of a type': { query: '{ ... on Quary { __typename } }', ...INVALID, saysNot: /Did you mean/ },
  'suggestions: of an enum value': {
    query: '{ artifacts(orderBy: { field: IDD }) { nodes { id } } }',
    ...INVALID,
    saysNot: /Did you mean/,
  },
  'suggestions: of an enum value in a variable': {
    query: 'query ($by: NodeOrder) { artifacts(orderBy: $by) { nodes { id } } }',
    variables: { by: { field: 'IDD' } },
    ...BAD_INPUT,
    saysNot: /Did you mean/,
  },
  'suggestions: of an input field in a variable': {
    query: 'query ($by: NodeOrder) { artifacts(orderBy: $by) { nodes { id } } }',
    variables: { by: { feild: 'ID' } },
    ...BAD_INPUT,
    saysNot: /Did you mean/,
  },

  'depth: 27 levels of provenance': {
    query: `{ artifact(databaseId: "1") { ${'producedBy { nodes { inputs { nodes { '.repeat(6)} uri ${'} } } } '.repeat(6)} } }`,
    ...SERVED,
  },
  'depth: 240 levels': {
    query: `{ artifact(databaseId: "1") { ${'contexts { nodes { artifacts { nodes { '.repeat(60)} uri ${'} } } } '.repeat(60)} } }`,
    ...COSTLY, // for what it finds
  },

  'breadth: literals': { query: `{ ${wide('100')} }`, ...COSTLY },
  'breadth: variables': { query: `query ($n: Int) { ${wide('$n')} }`, variables: { n: 100 }, ...COSTLY },
  "breadth: a variable's default": { query: `query ($n: Int = 100) { ${wide('$n')} }`, ...COSTLY },
  'breadth: in a fragment': { query: `{ ...F } fragment F on Query { ${wide('100')} }`, ...COSTLY },
  'breadth: by aliases': {
    query: `{ ${many(30, (index) => `_${index}: artifacts(first: 100) { nodes { contexts(first: 3) { nodes { id } } } }`)} }`,
    ...COSTLY,
  },
  "breadth: not by the schema's default": {
    query: '{ contexts { nodes { artifacts { nodes { contexts { nodes { id } } } } } } }',
    ...SERVED,
  },
  'breadth: not where it is skipped': { query: `{ __typename ... @skip(if: true) { ${wide('100')} } }`, ...SERVED },
  'breadth: not where a variable excludes it': {
    query: `query ($yes: Boolean!) { __typename ... @include(if: $yes) { ${wide('100')} } }`,
    variables: { yes: false },
    ...SERVED,
  },
  'breadth: where a variable includes it': {
    query: `query ($yes: Boolean!) { __typename ... @include(if: $yes) { ${wide('100')} } }`,
    variables: { yes: true },
    ...COSTLY,
  },
  'breadth: another argument': {
    query: '{ provenanceDiff(a: "x", b: "y", first: 5000) { changes { before { id } after { id } } } }',
    ...COSTLY,
  },
  'breadth: negative': { query: '{ artifacts(first: -1) { nodes { id } } }', ...BAD_INPUT },
  'breadth: 101': { query: '{ artifacts(first: 101) { nodes { id } } }', ...BAD_INPUT },
  'breadth: 101 in a variable': {
    query: 'query ($n: Int) { artifacts(first: $n) { nodes { id } } }',
    variables: { n: 101 },
    ...BAD_INPUT,
  },
  'breadth: 3e9': {
    query: 'query ($n: Int) { artifacts(first: $n) { nodes { id } } }',
    variables: { n: 3e9 },
    ...BAD_INPUT,
  },
  'breadth: 3e9 as a literal': { query: '{ artifacts(first: 3000000000) { nodes { id } } }', ...INVALID },

  'aliases: 200 queries': { query: `{ ${many(200, (index) => `_${index}: __typename`)} }`, ...INVALID },
  'aliases: 31': { query: `{ ${many(31, (index) => `_${index}: __typename`)} }`, ...INVALID, says: /31 aliases/ },
  'aliases: 30': { query: `{ ${many(30, (index) => `_${index}: __typename`)} }`, ...SERVED },
  'aliases: 42 in fragments that are spread again': {
    query: `{ a: artifacts { nodes { ...F } } b: artifacts { nodes { ...F } } } fragment F on Artifact { ${many(20, (index) => `_${index}: uri`)} }`,
    ...INVALID,
    says: /42 aliases/,
  },
  'aliases: 11 changes': {
    query: `mutation { ${many(11, (index) => `_${index}: createRegisteredModel(input: { name: "m${index}" }) { userErrors { code } }`)} }`,
    ...INVALID,
    says: /11 changes/,
  },

  'duplication: __typename x 5000': { query: `{ ${'__typename '.repeat(5_000)} }`, ...UNPARSED },
  'duplication: a field x 5000': { query: `{ artifacts { nodes { ${'uri '.repeat(5_000)} } } }`, ...UNPARSED },
  'duplication: 2000 unknown fields': { query: `{ ${many(2_000, (index) => `x${index}`)} }`, ...UNPARSED },
  'duplication: 500 unknown fields': {
    query: `{ ${many(500, (index) => `x${index}`)} }`,
    ...INVALID,
    says: /^.{0,1500}$/s,
  },

  'directives: 500 known': { query: `{ __typename ${'@skip(if: false) '.repeat(500)} }`, ...UNPARSED },
  'directives: 300 unknown': { query: `{ __typename ${'@x '.repeat(300)} }`, ...INVALID },
  'directives: 21 known': {
    query: `{ ${'__typename @skip(if: false) '.repeat(21)} }`,
    ...INVALID,
    says: /21 directives/,
  },
  'directives: 20 known': { query: `{ ${'__typename @skip(if: false) '.repeat(20)} }`, ...SERVED },

  'fragments: a cycle': {
    query: '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
    ...INVALID,
  },
  'fragments: of itself': { query: '{ ...A } fragment A on Query { artifacts { nodes { id } } ...A }', ...INVALID },
  'fragments: a bomb of 2^18': { query: bomb('artifacts { nodes { id } }'), ...COSTLY },
  'fragments: a bomb of aliases': { query: bomb('a: __typename'), ...INVALID, says: /262144 aliases/ },
  'fragments: a bomb of nothing': { query: bomb('__typename'), ...SERVED },

  'overlap: a mesh of fragments': {
    query: `{ ${many(40, (index) => `...F${index}`)} } ${many(40, (index) => `fragment F${index} on Query { artifacts { nodes { uri } } contexts { nodes { name } } }`)}`,
    ...SERVED,
  },
  'overlap: fields of one name': {
    query: `{ ${many(150, (index) => `artifacts { nodes { id uri ${index % 2 ? 'name' : 'state'} } }`)} }`,
    ...UNPARSED,
  },

  'batching: 10': { body: JSON.stringify(Array(10).fill({ query: '{ __typename }' })), ...BAD_REQUEST },
  'batching: 1000': { body: JSON.stringify(Array(1_000).fill({ query: '{ __typename }' })), ...BAD_REQUEST },

  'operations: costly ones that are not run': {
    query: `query A { __typename } ${many(4, (index) => `query B${index} { ${wide('100')} }`)}`,
    operationName: 'A',
    ...SERVED,
  },
  'operations: the costly one': {
    query: `query A { __typename } ${many(4, (index) => `query B${index} { ${wide('100')} }`)}`,
    operationName: 'B2',
    ...COSTLY,
  },
  'operations: six': { query: many(6, (index) => `query A${index} { __typename }`), operationName: 'A1', ...INVALID },

  'CSRF: GET without a header': { method: 'GET', search: '?query={__typename}', ...BAD_REQUEST },
  'CSRF: text/plain': { body: '{"query":"{__typename}"}', headers: { 'content-type': 'text/plain' }, ...BAD_REQUEST },
  'CSRF: a form': {
    body: 'query={__typename}',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 415,
    code: 'BAD_REQUEST',
  },
  'CSRF: multipart': {
    body: '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{"query":"{__typename}"}\r\n--x--',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    status: 415,
    code: 'BAD_REQUEST',
  },
  'CSRF: GET of message/rfc822': {
    method: 'GET',
    search: '?query={__typename}',
    headers: { 'content-type': 'message/rfc822', 'apollo-require-preflight': '1' },
    status: 415,
    code: 'BAD_REQUEST',
  },

  'GET: a mutation': {
    method: 'GET',
    search: `?query=${encodeURIComponent('mutation { createRegisteredModel(input: { name: "m" }) { userErrors { code } } }')}`,
    headers: { 'apollo-require-preflight': '1' },
    status: 405,
    code: 'BAD_REQUEST',
    tells: { allow: 'POST' },
  },
  'GET: a query': {
    method: 'GET',
    search: '?query={__typename}',
    headers: { 'apollo-require-preflight': '1' },
    ...SERVED,
  },
  'GET: variables with a name twice': {
    method: 'GET',
    search: `?query={__typename}&variables=${encodeURIComponent('{"a":1,"a":2}')}`,
    headers: { 'apollo-require-preflight': '1' },
    ...BAD_INPUT,
  },
  'GET: U+0000': {
    method: 'GET',
    search: '?query={__typename}%00',
    headers: { 'apollo-require-preflight': '1' },
    ...BAD_INPUT,
  },

  'persisted queries: one to register': {
    body: JSON.stringify({
      query: '{ __typename }',
      extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } },
    }),
    status: 200,
    code: 'PERSISTED_QUERY_NOT_SUPPORTED',
  },

  subscription: {
    query: 'subscription { artifacts { nodes { id } } }',
    status: 400,
    code: 'OPERATION_RESOLUTION_FAILURE',
  },
  '@defer': { query: '{ ... @defer { __typename } }', ...INVALID },
  '@stream': { query: '{ artifacts { nodes @stream { id } } }', ...INVALID },

  'nesting: a list of 5000 levels': { query: `{ node(id: ${nested(5_000, '1')}) { id } }`, ...UNPARSED },
  'nesting: a list of 480 levels': { query: `{ node(id: ${nested(480, '1')}) { id } }`, ...INVALID },
  'nesting: an object of 200 levels': {
    query: `{ artifacts(orderBy: ${'{ field: '.repeat(200)} ID ${'}'.repeat(200)}) { nodes { id } } }`,
    ...INVALID,
  },
  'nesting: JSON of 400,000 levels': { body: nested(400_000), ...BAD_INPUT },
  'nesting: JSON of 400,000 levels in variables': {
    body: `{"query":"{__typename}","variables":{"a":${nested(400_000)}}}`,
    ...BAD_INPUT,
  },
  'nesting: JSON of 100,000 levels that never end': { body: '{"a":'.repeat(100_000), ...BAD_INPUT },
  'nesting: JSON of 60 levels': { body: `{"query":"{__typename}","variables":{"a":${nested(60)}}}`, ...SERVED },

  'duplicate names: the query': {
    body: '{"query":"{__typename}","query":"{ secretAdmin }"}',
    ...BAD_INPUT,
    says: /query/,
  },
  'duplicate names: in variables': { body: '{"query":"{__typename}","variables":{"a":1,"\\u0061":2}}', ...BAD_INPUT },
  'U+0000: in a variable': {
    body: '{"query":"{__typename}","variables":{"a":["x","y\\u0000"]}}',
    ...BAD_INPUT,
    says: /'variables\.a\.1'/,
  },
  'U+0000: in a literal': { query: '{ registeredModel(name: "a\\u0000") { id } }', ...INVALID, says: /U\+0000/ },
  'half a surrogate pair: in a variable': {
    body: '{"query":"{__typename}","variables":{"a":"\\ud800"}}',
    ...BAD_INPUT,
  },
  'half a surrogate pair: in a literal': { query: '{ registeredModel(name: "a\\ud800") { id } }', ...UNPARSED },
  'no JSON': { body: '{"query":', ...BAD_INPUT },
  'no UTF-8': { body: '\xff', ...BAD_INPUT },

  'echo: of a variable': {
    query: 'query ($n: Int) { artifacts(first: $n) { nodes { id } } }',
    variables: { n: 'secret'.repeat(1_000) },
    ...BAD_INPUT,
    saysNot: /(secret){11}/,
  },
  'echo: of an object in a variable': {
    query: 'query ($n: Int) { artifacts(first: $n) { nodes { id } } }',
    variables: { n: Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`k${index}`, 'v'])) },
    ...BAD_INPUT,
    saysNot: /k20/,
  },
  'echo: of 1000 variables': {
    query: `query (${many(100, (index) => `$v${index}: Int`)}) { ${many(1, () => `artifacts(first: $v0) { nodes { id } }`)} }`,
    variables: Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`v${index}`, 'x'])),
    ...INVALID,
    says: /^.{0,1500}$/s,
  },
  'echo: of a name in a document': {
    query: `{ ${'x'.repeat(100_000)} }`,
    ...INVALID,
    saysNot: /x{65}/,
  },

  'flood: more found than asked for': {
    query: `{ ${many(10, (index) => `_${index}: contexts { nodes { artifacts { nodes { contexts { nodes { artifacts { nodes { contexts { nodes { artifacts(first: 100) { nodes { uri } } } } } } } } } } } }`)} }`,
    ...COSTLY,
  },
};

/** What only the reading shows to be too much. */
const FOUND_TOO_MUCH = ['depth: 240 levels', 'flood: more found than asked for'];

/** What no answer may tell. */
const INSIDE = /SELECT|sqlite|\/src\/|node_modules|\bat .+:\d+:\d+|ECONN/i;

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness({ introspection: false, fill });
});
afterAll(() => harness?.[Symbol.asyncDispose]());

/** 200 artifacts in each of two contexts. */
async function fill(store: Harness['store']): Promise<void> {
  const types = await putTypes(store);
  const artifactIds = await putArtifacts(store, types.artifact, 200);
  const contextIds = await putContexts(store, types.context, 2);
  const attributions = contextIds.flatMap((contextId) => artifactIds.map((artifactId) => ({ artifactId, contextId })));
  await store.putAttributionsAndAssociations({ attributions, associations: [] });
}

describe.each(['application/json', 'application/graphql-response+json'])('answered as %s', (accept) => {
  test.each(Object.entries(ATTACKS))('%s', async (_name, attack) => {
    const { response, text } = await send(attack, accept);
    const answer = JSON.parse(text);
    const told = { status: response.status, code: answer.errors?.[0]?.extensions?.code };
    expect(told, text.slice(0, 500)).toEqual({ status: attack.status, code: attack.code });
    if (attack.says) expect(text).toMatch(attack.says);
    if (attack.saysNot) expect(text).not.toMatch(attack.saysNot);
    for (const [name, value] of Object.entries(attack.tells ?? {})) expect(response.headers.get(name)).toBe(value);
    expect(text).not.toMatch(INSIDE);
    expectNoLeak(text, JSON.stringify(attack));
    // However bad it was, the next one is served.
    expect((await fetch(`${harness.url}/healthz`)).status).toBe(200);
  });

  test('a document that was refused for its variables is run with others', async () => {
    const query = `query ($n: Int) { ${wide('$n')} }`;
    const codes = [];
    for (const n of [100, 2, 100, 3, 100]) {
      const { text } = await send({ query, variables: { n }, ...SERVED }, accept);
      codes.push(JSON.parse(text).errors?.[0]?.extensions?.code);
    }
    expect(codes).toEqual(['QUERY_TOO_COMPLEX', undefined, 'QUERY_TOO_COMPLEX', undefined, 'QUERY_TOO_COMPLEX']);
  });

  test('what is refused asks nothing of the store', async () => {
    harness.calls.length = 0;
    for (const [name, attack] of Object.entries(ATTACKS)) {
      if (attack.status !== 200 && !FOUND_TOO_MUCH.includes(name)) await send(attack, accept);
    }
    expect(harness.calls).toEqual([]);
  });
});

describe('REST', () => {
  const models = '/api/model_registry/v1alpha3/registered_models';
  const attacks: Readonly<Record<string, readonly [path: string, body: string | undefined, says: RegExp]>> = {
    'a name twice': [models, '{"name":"a","name":"b"}', /^'name' is there twice\.$/],
    'a name twice, once in other letters': [models, '{"name":"a","n\\u0061me":"b"}', /^'name' is there twice\.$/],
    'U+0000 in a text': [models, '{"name":"a\\u0000"}', /^'name': It has a character U\+0000/],
    'half a surrogate pair': [models, '{"name":"\\udc00"}', /^'name': It has half of a surrogate pair/],
    '400,000 levels': [models, nested(400_000), /^The JSON is nested deeper than 64 levels\.$/],
    '150,000 levels that never end': [models, '{"a":'.repeat(150_000), /^The JSON is nested deeper than 64 levels\.$/],
    'U+0000 in a parameter': [`${models}?filterQuery=a%00`, undefined, /^'filterQuery': It has a character U\+0000/],
    'U+0000 in a path': [`${models}/1%00`, undefined, /^'registeredmodelId': It has a character U\+0000/],
  };
  test.each(Object.entries(attacks))('%s', async (_name, [path, body, says]) => {
    const response = await fetch(`${harness.url}${path}`, { method: body ? 'POST' : 'GET', ...(body && { body }) });
    expect(await response.json()).toEqual({ code: 'Bad Request', message: expect.stringMatching(says) });
    expect(response.status).toBe(400);
  });

  test('a part of a path that is too long is not repeated', async () => {
    const response = await fetch(`${harness.url}${models}/${'x'.repeat(5_000)}`);
    expect(response.status).toBe(414);
    expect(await response.json()).toEqual({
      code: 'URI Too Long',
      message: 'The URL has a part of more than 4096 characters.',
    });
  });
});

async function send(attack: Attack, accept: string) {
  const { query, variables, operationName, body, method = 'POST', search = '', headers } = attack;
  const response = await fetch(`${harness.url}/graphql${search}`, {
    method,
    headers: { accept, ...(method === 'POST' && { 'content-type': 'application/json' }), ...headers },
    ...(method === 'POST' && {
      body: body === undefined ? JSON.stringify({ query, variables, operationName }) : Buffer.from(body, 'latin1'),
    }),
  });
  return { response, text: await response.text() };
}
