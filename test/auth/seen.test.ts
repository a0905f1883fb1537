import { afterAll, beforeAll, expect, test } from 'vitest';

import { fillWithDemoData } from '../../src/demo/fill.ts';
import { resourceOf } from '../../src/guard/node-resource.ts';
import { describeStores } from '../describe-stores.ts';
import { type Harness, openHarness } from '../harness.ts';
import { as, policyOf } from './roles.ts';

const ROLES = {
  admin: ['* *'],
  modeller: ['* registeredmodels', '* modelversions', 'get lineage'],
  pipelines: ['* artifacts', '* executions', '* contexts', 'get types', 'get lineage'],
  versions: ['* modelversions', '* artifacts', 'get lineage'],
  archivist: ['get registeredmodels', 'list registeredmodels', 'archive registeredmodels'],
  nobody: [],
};

describeStores('over the %s store', (kind) => {
  let harness: Harness;

  beforeAll(async () => {
    harness = await openHarness({ kind, fill: fillWithDemoData, policy: policyOf(ROLES) });
  });

  afterAll(() => harness[Symbol.asyncDispose]());

  test('what may not be seen is as missing where it is asked for by its id, name or global id', async () => {
    const { data } = await harness.query(
      '{ registeredModels(first: 1) { nodes { id databaseId name context { id } } } }',
      {},
      as('admin'),
    );
    const [model] = data.registeredModels.nodes;
    const query = `query ($database: ID!, $name: String!, $id: ID!, $context: ID!) {
      byId: registeredModel(databaseId: $database) { name }
      byName: registeredModel(name: $name) { name }
      node(id: $id) { id }
      nodes(ids: [$id, $context]) { id }
      context(databaseId: $database) { id }
    }`;
    const variables = { database: model.databaseId, name: model.name, id: model.id, context: model.context.id };
    const hidden = await harness.query(query, variables, as('pipelines'));
    const none = await harness.query(query, { ...variables, database: '99999999', name: 'none' }, as('admin'));

    expect(hidden.status).toBe(200);
    expect(hidden.errors).toBeUndefined();
    expect(hidden.data).toEqual({ byId: null, byName: null, node: null, nodes: [null, null], context: null });
    expect(none.data).toMatchObject({ byId: null, byName: null, context: null });
    const rest = `${harness.url}/api/model_registry/v1alpha3/registered_models`;
    const answers = await Promise.all([
      fetch(`${rest}/${model.databaseId}`, { headers: as('pipelines') }),
      fetch(`${rest}/99999999`, { headers: as('admin') }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    const [one, other] = await Promise.all(answers.map((answer) => answer.text()));
    expect(one?.replace(model.databaseId, 'ID')).toBe(other?.replace('99999999', 'ID'));
  });

  test('lists show what may be seen, go on to the end, and say that something was left out', async () => {
    const all = await allContexts(harness, 'admin');
    const shown = await allContexts(harness, 'pipelines');
    const plain = all.names.filter(({ registered }) => !registered);
    expect(plain.length).toBeGreaterThan(2);
    expect(plain.length).toBeLessThan(all.names.length);
    expect(shown.names).toEqual(plain);
    expect([all.withheld, shown.withheld]).toEqual([false, true]);
  });

  test('an operation is refused whole for what its caller may not do', async () => {
    const { status, data, errors } = await harness.query(
      '{ artifacts(first: 1) { nodes { id } } registeredModels { nodes { name } } }',
      {},
      as('pipelines'),
    );
    expect([status, data]).toEqual([403, undefined]);
    expect(errors).toEqual([
      {
        message: "You may not list registeredmodels in the registry 'modelgraph'.",
        extensions: { code: 'FORBIDDEN' },
      },
    ]);
    const rest = await fetch(`${harness.url}/api/model_registry/v1alpha3/registered_models`, {
      headers: as('pipelines'),
    });
    expect([rest.status, await rest.json()]).toEqual([
      403,
      { code: 'Forbidden', message: "You may not list registeredmodels in the registry 'modelgraph'." },
    ]);
  });

  test('a condition decides whether a field is asked for', async () => {
    const query =
      'query ($all: Boolean!) { artifacts { nodes { id } } registeredModels @include(if: $all) { nodes { id } } }';
    const asked = async (all: boolean) => (await harness.query(query, { all }, as('pipelines'))).status;
    expect([await asked(true), await asked(false), await asked(true)]).toEqual([403, 200, 403]);
  });

  test('a lineage leaves out what may not be seen, and all that is only behind it', async () => {
    const { data } = await harness.query(
      `{ modelVersions(first: 100) { nodes { id name artifacts { nodes { id } } } } }`,
      {},
      as('admin'),
    );
    const version = data.modelVersions.nodes.find(
      (each: { artifacts: { nodes: object[] } }) => each.artifacts.nodes.length,
    );
    const all = await lineage(harness, version.id, 'admin');
    const own = await lineage(harness, version.id, 'versions');
    expect(all.completeness).toEqual({ complete: true, withheld: false });
    expect(own.completeness).toEqual({ complete: true, withheld: true });
    const kinds = (nodes: readonly { __typename: string }[]) =>
      [...new Set(nodes.map((each) => each.__typename))].sort();
    expect(kinds(all.nodes)).toContain('RegisteredModel');
    expect(kinds(own.nodes)).not.toContain('RegisteredModel');
    expect(kinds(own.nodes)).not.toContain('Execution');
    const ids = new Set(own.nodes.map(({ id }: { id: string }) => id));
    expect(own.edges.every(({ from, to }: Edge) => ids.has(from.id) && ids.has(to.id))).toBe(true);
  });

  test('rows are whole for whom may not see what they belong to', async () => {
    const query = '{ modelVersions(first: 100) { nodes { databaseId name registeredModelId } } }';
    const [all, own] = [await harness.query(query, {}, as('admin')), await harness.query(query, {}, as('versions'))];
    expect(own.data).toEqual(all.data);
    const { data } = await harness.query(
      'query ($id: ID!) { modelVersion(databaseId: $id) { name } }',
      { id: all.data.modelVersions.nodes[0].databaseId },
      as('versions'),
    );
    expect(data.modelVersion).toEqual({ name: all.data.modelVersions.nodes[0].name });
  });

  test('a list of thousands of values finds what may be seen of it, and none is longer than 25,000', async () => {
    const query = `query ($ids: [ID!]) {
      modelVersions(first: 100, where: { databaseId: { in: $ids } }) { nodes { databaseId } pageInfo { withheld } }
    }`;
    const asked = (count: number, name: string) =>
      harness.query(query, { ids: Array.from({ length: count }, (_, id) => `${id}`) }, as(name));
    const [all, own] = [await asked(9_000, 'admin'), await asked(9_000, 'versions')];
    expect(own.errors).toBeUndefined();
    expect(own.data.modelVersions.nodes.length).toBeGreaterThan(0);
    expect(own.data).toEqual(all.data);
    const { errors } = await asked(25_001, 'versions');
    expect(errors?.[0]?.message).toBe("'where.databaseId.in' is wrong: it has 25001 values; it may have 25000.");
  });

  test('a filter by neighbours that may not be seen is refused, whether there are such or not', async () => {
    const query = 'query ($filter: String!) { artifacts(filterQuery: $filter) { nodes { id } } }';
    const asked = async (name: string, filter: string) => (await harness.query(query, { filter }, as(name))).status;
    expect(await asked('versions', "contexts_a.name = 'none'")).toBe(403);
    expect(await asked('versions', "Contexts_a . name = 'none'")).toBe(403);
    expect(await asked('versions', '`contexts_a`.id = 1')).toBe(403);
    expect(await asked('versions', '`\\x63ontexts_a`.id = 1')).toBe(403);
    expect(await asked('versions', "name = 'a\\tb'")).toBe(200);
    expect(await asked('versions', "name = 'none'")).toBe(200);
    expect(await asked('admin', "contexts_a.name = 'none'")).toBe(200);
  });
});

test('rights go by the sort of a node, whatever its type is called', () => {
  expect(resourceOf('Context', 'kf.RegisteredModel')).toBe('registeredmodels');
  expect(resourceOf('Artifact', 'kf.RegisteredModel')).toBe('artifacts');
});

interface Edge {
  readonly from: { readonly id: string };
  readonly to: { readonly id: string };
}

async function lineage(harness: Harness, id: string, name: string) {
  const query = `query ($id: ID!) { lineage(of: [$id], direction: BIDIRECTIONAL) {
    nodes { __typename id ... on RegisteredModel { id } }
    edges { from { id } to { id } }
    completeness { complete withheld }
  } }`;
  const { data, errors } = await harness.query(query, { id }, as(name));
  expect(errors).toBeUndefined();
  return data.lineage;
}

async function allContexts(harness: Harness, name: string) {
  const names: { readonly name: string; readonly registered: boolean }[] = [];
  let withheld = false;
  for (let after: string | null = null; ; ) {
    const { data }: { data?: { contexts: Contexts } } = await harness.query(
      `query ($after: String) { contexts(first: 5, after: $after) {
        nodes { name type { name } }
        pageInfo { endCursor hasNextPage withheld }
      } }`,
      { after },
      as(name),
    );
    if (!data) throw new Error('There is no answer.');
    const { nodes, pageInfo } = data.contexts;
    names.push(...nodes.map((each) => ({ name: each.name, registered: each.type.name.startsWith('kf.') })));
    withheld ||= pageInfo.withheld;
    if (!pageInfo.hasNextPage) return { names, withheld };
    after = pageInfo.endCursor;
  }
}

interface Contexts {
  readonly nodes: readonly { readonly name: string; readonly type: { readonly name: string } }[];
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean; readonly withheld: boolean };
}
