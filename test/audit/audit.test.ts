import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { as, policyOf } from '../auth/roles.ts';
import { describeStores } from '../describe-stores.ts';
import { type Harness, openHarness } from '../harness.ts';
import { ask } from '../rest/ask.ts';
import { createTaken, shownLines, told } from './lines.ts';

const ROLES = { admin: ['* *'], viewer: ['get *', 'list *'], editor: ['get *', 'list *', 'create *', 'update *'] };

const CREATE =
  'mutation ($input: CreateRegisteredModelInput!) { createRegisteredModel(input: $input) { registeredModel { databaseId } userErrors { code } } }';
const UPDATE =
  'mutation ($input: UpdateRegisteredModelInput!) { updateRegisteredModel(input: $input) { userErrors { code } } }';
const SECRET = 'canary-of-a-property';

describeStores('the audit over the %s store', (kind) => {
  const taken = createTaken();
  let harness: Harness;
  let model: string;

  beforeAll(async () => {
    harness = await openHarness({ kind, policy: policyOf(ROLES), audit: taken.audit });
    const { data } = await harness.query(CREATE, { input: { name: 'first', description: SECRET } }, as('admin'));
    model = data.createRegisteredModel.registeredModel.databaseId;
  });

  beforeEach(() => void taken.lines.splice(0));
  afterAll(() => harness[Symbol.asyncDispose]());

  const GRAPHQL = { door: 'GRAPHQL', route: 'POST /graphql' };
  const REST = '/api/model_registry/v1alpha3/registered_models';

  test('has one line for each mutation, whatever RPCs it came to', async () => {
    const { data } = await harness.query(
      `mutation { a: createExperiment(input: { name: "e1" }) { experiment { databaseId } }
        b: createExperiment(input: { name: "e1" }) { userErrors { code } } }`,
      {},
      as('editor'),
    );
    const { databaseId } = data.a.experiment;
    const line = { ...GRAPHQL, action: 'createExperiment', right: 'create experiments', by: 'editor' };
    expect(taken.lines.map(told)).toEqual([
      { ...line, nodes: [`Experiment ${databaseId}`], outcome: 'DONE', codes: [] },
      { ...line, nodes: [], outcome: 'REJECTED', codes: ['NAME_TAKEN'] },
    ]);
    expect(new Set(taken.lines.map(({ requestId }) => requestId)).size).toBe(1);
    expect(taken.lines[0]).toMatchObject({ address: '127.0.0.1', forwardedFor: null, registry: 'modelgraph' });
  });

  test('has what REST writes and refuses, under the name of the change', async () => {
    const made = await ask(harness.url, 'POST', REST, { body: { name: 'by rest' }, headers: as('editor') });
    const { id } = made.json as { readonly id: string };
    await ask(harness.url, 'PATCH', `${REST}/${id}`, { body: { state: 'ARCHIVED' }, headers: as('editor') });
    await ask(harness.url, 'POST', REST, { body: { name: 'none' }, headers: as('viewer') });
    await ask(harness.url, 'GET', REST, { headers: as('nobody') });
    const { door, nodes, ...rest } = { door: 'REST', nodes: [] };
    expect(taken.lines.map(told)).toEqual([
      {
        ...{ ...rest, door, by: 'editor', action: 'createRegisteredModel', right: 'create registeredmodels' },
        ...{ route: `POST ${REST}`, nodes: [`RegisteredModel ${id}`], outcome: 'DONE', codes: [] },
      },
      {
        ...{ door, by: 'editor', action: 'updateRegisteredModel', right: 'archive registeredmodels' },
        ...{
          route: `PATCH ${REST}/:registeredmodelId`,
          nodes: [`RegisteredModel ${id}`],
          outcome: 'REFUSED',
          codes: ['FORBIDDEN'],
        },
      },
      {
        ...{ door, by: 'viewer', action: 'createRegisteredModel', right: 'create registeredmodels', nodes },
        ...{ route: `POST ${REST}`, outcome: 'REFUSED', codes: ['FORBIDDEN'] },
      },
      {
        ...{ door, by: 'nobody', action: 'registeredModels', right: 'list registeredmodels', nodes },
        ...{ route: `GET ${REST}`, outcome: 'REFUSED', codes: ['FORBIDDEN'] },
      },
    ]);
  });

  test('has refusals, and what they named by ids; not what is answered as missing, nor what was read', async () => {
    await harness.query('{ registeredModels { nodes { name } } artifacts { nodes { id } } }', {}, as('nobody'));
    await harness.query('query ($id: ID!) { registeredModel(databaseId: $id) { name } }', { id: model }, as('nobody'));
    await harness.query('{ registeredModels { nodes { name } } }', {}, as('viewer'));
    await harness.query(UPDATE, { input: { databaseId: '99999999', description: SECRET } }, as('editor'));
    expect(taken.lines.map(told)).toEqual([
      {
        ...{ ...GRAPHQL, action: 'registeredModels artifacts', right: 'list registeredmodels', by: 'nobody' },
        ...{ nodes: [], outcome: 'REFUSED', codes: ['FORBIDDEN'] },
      },
      {
        ...{ ...GRAPHQL, action: 'updateRegisteredModel', right: 'update registeredmodels', by: 'editor' },
        ...{ nodes: ['RegisteredModel 99999999'], outcome: 'REJECTED', codes: ['NOT_FOUND'] },
      },
    ]);
  });

  test('has no value of a property and nothing that proves who asks', async () => {
    await harness.query(UPDATE, { input: { databaseId: model, description: SECRET } }, as('editor'));
    await harness.query(UPDATE, { input: { databaseId: 'x', description: SECRET } }, as('viewer'));
    expect(taken.lines).toHaveLength(2);
    expect(JSON.stringify(taken.lines)).not.toMatch(new RegExp(`${SECRET}|Bearer|authorization`));
  });

  test('is shown to administrators, in pages, by caller, outcome and time', async () => {
    for (const name of ['viewer', 'editor']) {
      expect((await shownLines(harness, as(name))).status).toBe(403);
    }
    const { data, errors } = await shownLines(harness, as('admin'), { first: 1 });
    if (kind === 'remote') {
      expect(errors?.[0]).toMatchObject({ extensions: { code: 'NOT_IMPLEMENTED' } });
      return;
    }
    // What the store has itself: what it committed.
    expect(data.auditLog.nodes).toHaveLength(1);
    const all: object[] = [];
    for (let after: string | null = null; ; ) {
      const page: Shown = (await shownLines(harness, as('admin'), { first: 2, after })).data.auditLog;
      all.push(...page.nodes);
      expect(page.edges.map(({ node }) => node)).toMatchObject(page.nodes.map(({ action }) => ({ action })));
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    const written = taken.kept.map(({ nodes, ...line }) => ({
      ...line,
      nodes: nodes.map(({ type, id }) => ({ type, databaseId: id })),
    }));
    expect(all).toEqual(written.toReversed());
    const chosen = async (where: object) =>
      (await shownLines(harness, as('admin'), { first: 100, where })).data.auditLog.nodes.length;
    const byAdmin = written.filter(({ caller }) => caller?.name === 'admin').length;
    expect(byAdmin).toBeGreaterThan(0);
    expect(await chosen({ caller: 'admin' })).toBe(byAdmin);
    expect(await chosen({ caller: 'ADMIN' })).toBe(0);
    expect(await chosen({ outcome: 'DONE' })).toBe(written.length);
    expect(await chosen({ outcome: 'REFUSED' })).toBe(0);
    const { time } = written.at(-1) ?? { time: '' };
    expect(await chosen({ since: time })).toBeGreaterThan(0);
    expect((await chosen({ since: time })) + (await chosen({ until: time }))).toBe(written.length);
  });

  test('a cursor of another list is refused', async () => {
    const { errors } = await shownLines(harness, as('admin'), { after: 'x' });
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', argument: 'after' } });
  });
});

test('a repeated request is told as one that changed nothing', async () => {
  const taken = createTaken();
  await using harness = await openHarness({ audit: taken.audit });
  const input = { name: 'm', idempotencyKey: 'once' };
  await harness.query(CREATE, { input });
  await harness.query(CREATE, { input });
  expect(taken.lines.map(({ outcome, nodes }) => [outcome, nodes])).toEqual([
    ['DONE', [{ type: 'RegisteredModel', id: '1' }]],
    ['REPEATED', [{ type: 'RegisteredModel', id: '1' }]],
  ]);
  expect(JSON.stringify(taken.lines)).not.toContain('once');
});

interface Shown {
  readonly nodes: readonly { readonly action: string }[];
  readonly edges: readonly { readonly node: object }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}
