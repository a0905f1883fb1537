import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { inParallel } from '../../src/domain/in-parallel.ts';
import { type Harness, openHarness } from '../harness.ts';
import { as, policyOf } from './roles.ts';

/** Stands in all that only one of the two may see. */
const CANARY = 'canary7f3a';

const ROLES = {
  alice: ['* *'],
  bob: ['* artifacts', '* executions', '* contexts', 'list *', 'get types', 'get lineage', 'create registeredmodels'],
};

/** Requests of both together. */
const REQUESTS = 10_000;

let harness: Harness;
const lines: string[] = [];

beforeAll(async () => {
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  harness = await openHarness({ policy: policyOf(ROLES), log });
});

afterAll(() => harness[Symbol.asyncDispose]());

test('two callers at once: what only one may see is in none of the other’s answers, and in no line of the log', {
  timeout: 600_000,
}, async () => {
  const secret = await plant();
  const requests = requestsAbout(secret);
  let seen = 0;
  const leaks: string[] = [];
  await inParallel(
    Array.from({ length: REQUESTS }, (_each, index) => index),
    async (index) => {
      const name = index % 2 === 0 ? 'alice' : 'bob';
      const request = requests[Math.floor(index / 2) % requests.length];
      const { status, text } = await send(request ?? [], name, index);
      if (status === 500) leaks.push(`500: ${text}`);
      // What a caller has sent may come back to them.
      const others = JSON.stringify(request).includes('"name":') ? text.replaceAll(SENT, '') : text;
      if (name === 'alice') seen += others.includes(CANARY) ? 1 : 0;
      else if (others.includes(CANARY)) leaks.push(`${JSON.stringify(request)}: ${text.slice(0, 500)}`);
    },
  );
  expect(leaks).toEqual([]);
  expect(seen).toBeGreaterThan(REQUESTS / 4);
  expect(lines.length).toBeGreaterThan(REQUESTS);
  expect(lines.filter((line) => line.includes(CANARY))).toEqual([]);
});

/** The name that both try to take. */
const SENT = `${CANARY} model`;

interface Secret {
  readonly model: Row;
  readonly version: Row;
  readonly artifact: Row;
}

interface Row {
  readonly id: string;
  readonly databaseId: string;
}

/** A model and a version that only one may see, and an artifact that both may, in the version. */
async function plant(): Promise<Secret> {
  const ids = 'id databaseId';
  const change = async (query: string, input: object) => {
    const { data, errors } = await harness.query(query, { input }, as('alice'));
    expect(errors).toBeUndefined();
    return Object.values<Record<string, Row>>(data)[0] ?? {};
  };
  const { registeredModel: model } = await change(
    `mutation ($input: CreateRegisteredModelInput!) { createRegisteredModel(input: $input) { registeredModel { ${ids} } } }`,
    { name: SENT, description: CANARY, owner: CANARY, externalId: CANARY },
  );
  const { modelVersion: version } = await change(
    `mutation ($input: CreateModelVersionInput!) { createModelVersion(input: $input) { modelVersion { ${ids} } } }`,
    { registeredModelId: model?.databaseId, name: CANARY, author: CANARY },
  );
  const { artifact } = await change(
    `mutation ($input: UpsertArtifactInput!) { upsertArtifact(input: $input) { artifact { ${ids} } } }`,
    { parentId: version?.databaseId, modelArtifact: { name: 'weights', uri: 's3://weights' } },
  );
  if (!model || !version || !artifact) throw new Error('The rows were not made.');
  return { model, version, artifact };
}

type Request = readonly [path: string, body?: object];

function requestsAbout({ model, version, artifact }: Secret): readonly Request[] {
  const graphql = (query: string, variables: object = {}): Request => ['/graphql', { query, variables }];
  const rest = '/api/model_registry/v1alpha3';
  return [
    graphql('query ($id: ID!) { registeredModel(databaseId: $id) { name description owner } }', {
      id: model.databaseId,
    }),
    graphql('query ($id: ID!) { node(id: $id) { id ... on Context { name } } }', { id: version.id }),
    graphql('{ contexts { nodes { name customProperties { name } } pageInfo { withheld endCursor } } }'),
    graphql('{ registeredModels { nodes { name owner } totalCount pageInfo { endCursor } } }'),
    graphql('{ modelVersions(orderBy: { field: LAST_UPDATE_TIME }) { nodes { name author } pageInfo { endCursor } } }'),
    graphql(
      'query ($id: ID!) { lineage(of: [$id], direction: BIDIRECTIONAL, through: CONTEXTS) { nodes { id label } edges { from { id label } to { label } } completeness { withheld cursor } } }',
      { id: artifact.id },
    ),
    graphql('query ($id: ID!) { impact(of: [$id]) { items { node { label } path { label } } } }', { id: artifact.id }),
    graphql('query ($id: ID!) { artifact(databaseId: $id) { name contexts { nodes { name } } registered { name } } }', {
      id: artifact.databaseId,
    }),
    graphql('query ($a: ID!, $b: ID!) { provenanceDiff(a: $a, b: $b) { changes { before { label } } } }', {
      a: version.id,
      b: model.id,
    }),
    graphql('query ($id: ID!) { modelArtifact(databaseId: $id) { modelVersions { nodes { name } } } }', {
      id: artifact.databaseId,
    }),
    graphql(
      'mutation ($input: CreateRegisteredModelInput!) { createRegisteredModel(input: $input) { registeredModel { name description } userErrors { code message } } }',
      { input: { name: SENT } },
    ),
    [`${rest}/registered_models/${model.databaseId}`],
    [`${rest}/registered_models`],
    [`${rest}/model_versions/${version.databaseId}/artifacts`],
    [`${rest}/artifacts/${artifact.databaseId}`],
    [`/api/modelgraph/v1/models/${model.databaseId}`],
    [`/api/modelgraph/v1/lineage?of=artifact:${artifact.databaseId}&direction=BIDIRECTIONAL`],
  ];
}

async function send([path = '', body]: Request | readonly [], name: string, index: number) {
  const answer = await fetch(`${harness.url}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { ...as(name), 'content-type': 'application/json', 'x-request-id': `r${index}` },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text() };
}
