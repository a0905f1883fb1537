import { hash } from 'node:crypto';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { RegisteredModelsDocument } from '../../src/generated/client-operations.ts';
import { createSchema } from '../../src/schema.ts';
import { readTrustedDocuments } from '../../src/trusted-documents.ts';
import { type Harness, openHarness, post } from '../harness.ts';

const LISTED = '{ registeredModels { nodes { name } } }';
const OTHER = '{ experiments { nodes { name } } }';
const FILE = 'query Types {\n  artifactTypes { nodes { name } }\n}\n';

const sha256 = (text: string) => hash('sha256', text);

const stack = new AsyncDisposableStack();
let harness: Harness;
beforeAll(async () => {
  const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'modelgraph-trusted-')));
  await writeFile(join(folder.path, 'types.graphql'), FILE);
  const apollo = { format: 'apollo-persisted-query-manifest', version: 1 };
  const operations = [{ id: 'list-1', name: 'List', type: 'query', body: LISTED }];
  await writeFile(join(folder.path, 'apollo.json'), JSON.stringify({ ...apollo, operations }));
  await writeFile(join(folder.path, 'codegen.json'), JSON.stringify({ abc: 'query N { node(id: "x") { id } }' }));
  harness = stack.use(await openHarness({ trustedDocuments: [folder.path, 'modelgraph'] }));
});
afterAll(() => stack[Symbol.asyncDispose]());

const persisted = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

describe('a gateway of trusted documents', () => {
  const run: Readonly<Record<string, object>> = {
    'the text': { query: LISTED },
    'the id of a manifest': { documentId: 'list-1' },
    'the hash of a persisted query': persisted(sha256(LISTED)),
    'the hash and the text': { query: LISTED, ...persisted(sha256(LISTED)) },
    'the text of a file': { query: FILE },
    'the hash of a file': persisted(sha256(FILE)),
    'an operation of our own client': { query: RegisteredModelsDocument, variables: { first: 1 } },
  };
  test.each(Object.entries(run))('runs one by %s', async (_name, body) => {
    expect(await post(harness.url, body)).toMatchObject({ status: 200, data: {} });
  });

  const refused: Readonly<Record<string, object>> = {
    'another text': { query: OTHER },
    'a text that differs in a blank': { query: `${LISTED} ` },
    'an unknown id': { documentId: 'list-2' },
    'a name of every object': { documentId: 'constructor' },
    'an unknown hash': persisted(sha256(OTHER)),
    'the hash of one with the text of another': { query: OTHER, ...persisted(sha256(LISTED)) },
    introspection: { query: '{ __schema { types { name } } }' },
    nothing: { variables: {} },
  };
  test.each(Object.entries(refused))('refuses %s', async (_name, body) => {
    expect(await post(harness.url, body)).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'DOCUMENT_NOT_TRUSTED' } }],
    });
  });

  test('refuses what is asked by GET, and shows no playground', async () => {
    const answer = await fetch(`${harness.url}/graphql?query=${encodeURIComponent(LISTED)}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(answer.status).toBe(400);
    expect((await fetch(`${harness.url}/graphiql`)).status).toBe(404);
  });

  test('serves REST, whose documents are its own', async () => {
    expect((await fetch(`${harness.url}/api/model_registry/v1/registered_models`)).status).toBe(200);
  });
});

describe('documents that cannot be trusted', () => {
  const files: Readonly<Record<string, readonly [name: string, text: string, problem: RegExp]>> = {
    'no JSON': ['a.json', '{', /a\.json is no JSON/],
    'no manifest': ['a.json', '{"a":1}', /is no manifest: it has to be/],
    'a document of another schema': ['a.graphql', '{ artefacts }', /does not fit the schema: Cannot query field/],
    'no document': ['a.graphql', 'hello', /does not fit the schema: Syntax Error/],
    'none at all': ['a.txt', '', /has no \.graphql and no \.json file/],
  };
  test.each(Object.entries(files))('%s', async (_name, [name, text, problem]) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'modelgraph-trusted-'));
    await writeFile(join(folder.path, name), text);
    await expect(readTrustedDocuments(createSchema(), [folder.path])).rejects.toThrow(problem);
  });

  test('a file that is not there', async () => {
    await expect(readTrustedDocuments(createSchema(), ['/nowhere/a.json'])).rejects.toThrow(/cannot be read/);
  });
});
