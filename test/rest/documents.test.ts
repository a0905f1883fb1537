import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { openHarness, STORE_KINDS } from '../harness.ts';
import { run } from '../process.ts';
import { requireReference } from '../reference/require.ts';
import { ask } from './ask.ts';
import { seed } from './world.ts';

const API = 'extend schema @api(name: "mine", base: "/api/mine/v1", title: "Mine", description: "What I ask often.")';

const NAMES = `${API}
"""
Lists the names of models.
"""
query listNames($pageSize: Int = 20 @param(min: 1, max: 100), $owner: String)
@rest(method: GET, path: "/names") {
  registeredModels(first: $pageSize, where: { owner: { eq: $owner } }) {
    nodes { name since: createTime versions(first: 1) { nodes { name } pageInfo { hasNextPage endCursor } } }
    pageInfo { hasNextPage endCursor }
  }
}`;

describe("a user's own documents", () => {
  test('are routes with an OpenAPI document', async () => {
    using folder = folderWith({ 'names.graphql': NAMES });
    await using harness = await openHarness({ rest: folder.path });
    await seed(harness.url);
    expect((await ask(harness.url, 'GET', '/api/mine/v1/names')).json).toEqual({
      items: [
        {
          ...{ name: 'the model', since: expect.stringMatching(/^\d{13}$/) },
          versions: { items: [{ name: 'the version' }], nextPageToken: '', pageSize: 0, size: 1 },
        },
        expect.objectContaining({ name: 'taken' }),
      ],
      ...{ nextPageToken: '', pageSize: 0, size: 2 },
    });
    expect((await ask(harness.url, 'GET', '/api/mine/v1/names?owner=nobody')).json).toMatchObject({ size: 0 });
    const { json } = await ask(harness.url, 'GET', '/api/mine/v1/openapi.json');
    expect(json).toMatchObject({
      info: { title: 'Mine' },
      paths: { '/api/mine/v1/names': { get: { operationId: 'listNames', summary: 'Lists the names of models' } } },
    });
  });

  test.each([
    [
      'a field that is not there',
      `${API}\nquery a @rest(method: GET, path: "/a") {\n  nothing\n}`,
      /a\.graphql:3: Cannot query/,
    ],
    ['an argument of a wrong type', NAMES.replace('Int = 20', 'String'), /a\.graphql:5: Variable "\$pageSize"/],
    ['a directive that is not there', NAMES.replace('@rest', '@route'), /a\.graphql:6: Unknown directive "@route"/],
    ['a broken document', `${API} query {`, /a\.graphql:1: Syntax Error/],
    ['a parameter that nothing takes', NAMES.replace('/names', '/{id}'), /a\.graphql:\d+: Nothing takes .* \{id\}/],
    ['a GET that writes', NAMES.replace('query listNames', 'mutation listNames'), /a\.graphql:\d+: /],
    [
      'an abstract type with fields beside fragments',
      `${API} query a @rest(method: GET, path: "/a") { node(id: "x") { id ... on Artifact { uri } } }`,
      /a\.graphql:1: Of an abstract type/,
    ],
    [
      'a page without its tokens',
      NAMES.replaceAll('pageInfo { hasNextPage endCursor }', ''),
      /a\.graphql:\d+: A page needs/,
    ],
    [
      'two operations at one route',
      `${NAMES}\nquery other @rest(method: GET, path: "/names") { registeredModel(databaseId: 1) { name } }`,
      /a\.graphql:\d+: Another operation is at GET \/names already\./,
    ],
    [
      'two operations at routes that differ in the name of a parameter only',
      `${API}
      query a($id: ID!) @rest(method: GET, path: "/m/{id}") { registeredModel(databaseId: $id) { name } }
      query b($x: ID!) @rest(method: GET, path: "/m/{x}") { registeredModel(databaseId: $x) { name } }`,
      /a\.graphql:3: Another operation is at GET \/m\/\{x\} already\./,
    ],
    [
      'a parameter that needs one which is not there',
      NAMES.replace('$owner: String', '$owner: String @param(needs: "nothing")'),
      /a\.graphql:\d+: There is no parameter 'nothing'\./,
    ],
    [
      'an example that is no JSON',
      `${API}
      query a($id: ID!) @rest(method: GET, path: "/m/{id}") { registeredModel(databaseId: $id) { ...M } }
      fragment M on RegisteredModel @example(json: "{name}") { name }`,
      /a\.graphql:3: The example is no JSON\./,
    ],
    [
      'an example of a body that is no JSON',
      `${API}
      mutation a($input: CreateExperimentInput! @body) @rest(method: POST, path: "/e", body: "E", example: "{") {
        createExperiment(input: $input) { experiment { name } userErrors { code message field } }
      }`,
      /a\.graphql:2: This is no JSON: \{/,
    ],
    ['no API', 'query a { registeredModels { nodes { name } } }', /There is no 'extend schema @api/],
    ['a base elsewhere', NAMES.replace('/api/mine/v1', '/graphql'), /The base '\/graphql' has to be/],
    ['a base that is taken', NAMES.replace('/api/mine/v1', '/api/modelgraph/v1'), /There are two APIs at/],
  ])('with %s stop the start and say where', async (_what, text, message) => {
    using folder = folderWith({ 'a.graphql': text });
    const options = { rest: folder.path };
    await expect(openHarness(options)).rejects.toThrow(message);
  });

  test('that do not fit are wrong usage of the command', async () => {
    using folder = folderWith({ 'a.graphql': `${API}\nquery a @rest(method: GET, path: "/a") {\n  nothing\n}` });
    const args = ['serve', '--port', '0', '--db', join(folder.path, 'x.db')];
    const { code, stderr } = await run([...args, '--rest', folder.path, '--log-level', 'silent']);
    expect(stderr).toMatch(/^modelgraph: .*a\.graphql:3: Cannot query field "nothing" on type "Query"\.\n$/);
    expect(code).toBe(2);
    const missing = await run([...args, '--rest', join(folder.path, 'nowhere'), '--log-level', 'silent']);
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringMatching(/nowhere cannot be read/)]);
  });
});

describe.each(STORE_KINDS)('/api/modelgraph/v1 over the %s store', (kind) => {
  test.skipIf(kind === 'remote' && requireReference())('gives what GraphQL has and the registry lacks', async () => {
    await using harness = await openHarness({ kind });
    await seed(harness.url);
    expect((await ask(harness.url, 'GET', '/api/modelgraph/v1/models/1')).json).toMatchObject({
      ...{ id: '1', name: 'the model' },
      versions: {
        items: [
          {
            name: 'the version',
            deployments: {
              items: [
                { name: 'the deployment', inferenceService: { servingEnvironment: { name: 'the environment' } } },
              ],
            },
          },
        ],
        size: 1,
      },
    });
    const produced = await ask(harness.url, 'GET', '/api/modelgraph/v1/artifacts/1/provenance');
    expect(produced.json).toMatchObject({
      id: '1',
      type: { name: 'kf.ModelArtifact' },
      producedBy: { items: [], size: 0 },
    });
    expect((await ask(harness.url, 'GET', '/api/modelgraph/v1/models/999')).status).toBe(404);
  });
});

function folderWith(files: Readonly<Record<string, string>>) {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-rest-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder.path, name), text);
  return folder;
}
