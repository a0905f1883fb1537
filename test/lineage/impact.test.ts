import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { KINDS, openRegistry } from '../registry/rig.ts';
import { putRun } from './pipeline-world.ts';

type Registry = Awaited<ReturnType<typeof openRegistry>>;

const QUERY = `query ($of: [ID!]!, $until: ImpactUntil, $maxNodes: Int, $maxDepth: Int, $after: String) {
  impact(of: $of, until: $until, maxNodes: $maxNodes, maxDepth: $maxDepth, after: $after) {
    counts { kind count }
    items { depth node { id kind ... on RegistryObject { name } } path { kind } }
    completeness { complete reason omittedNodes cursor }
    missing
  }
}`;

interface Item {
  readonly depth: number;
  readonly node: { readonly id: string; readonly kind: string; readonly name: string };
  readonly path: readonly { readonly kind: string }[];
}

describe.each(KINDS)('what depends on something, on the %s store', (kind) => {
  let registry: Registry;
  let ids: ReadonlyMap<string, string>;

  beforeAll(async () => {
    registry = await openRegistry(kind);
    ids = await putRun(registry.store, 'run-1', [
      {
        type: 'system.ContainerExecution',
        name: 'train',
        inputs: [{ type: 'system.Dataset', name: 'rows', uri: 's3://data/rows' }],
        outputs: [{ type: 'system.Model', name: 'weights', uri: 's3a://models/churn/1/' }],
      },
    ]);
    await registerTwoVersions(registry);
  });
  afterAll(() => registry?.[Symbol.asyncDispose]());

  const ask = (variables: object) => registry.harness.query(QUERY, { ...variables });
  const asked = async (variables: object) => {
    const { data, errors } = await ask(variables);
    expect(errors).toBeUndefined();
    return data.impact;
  };
  const named = (items: readonly Item[]) => items.map(({ node, path }) => [node.name, path.map((each) => each.kind)]);

  test('goes from the data of a pipeline over the file to environments, each with a shortest way', async () => {
    const { items, counts, completeness } = await asked({ of: [`artifact:${ids.get('rows')}`] });
    const start = ['Dataset', 'ContainerExecution', 'Model', 'ModelArtifact', 'ModelVersion'];
    expect(named(items)).toEqual([
      ['v1', start],
      ['deployment', [...start, 'ServeModel']],
      ['churn', [...start, 'RegisteredModel']],
      ['pinned', [...start, 'InferenceService']],
      ['production', [...start, 'InferenceService', 'ServingEnvironment']],
    ]);
    expect(counts).toEqual(
      ['ModelVersion', 'ServeModel', 'RegisteredModel', 'InferenceService', 'ServingEnvironment'].map((each) => ({
        kind: each,
        count: 1,
      })),
    );
    expect(completeness).toEqual({ complete: true, reason: null, omittedNodes: 0, cursor: null });
    expect(items.map(({ depth }: Item) => depth)).toEqual([4, 5, 5, 5, 6]);
  });

  test('starts from a run, which stands for its steps, and ends at versions where it is told to', async () => {
    const { items } = await asked({ of: [`context:${ids.get('run-1')}`], until: 'VERSION' });
    expect(items.map(({ node }: Item) => node.name)).toEqual(['v1', 'churn']);
  });

  test('knows that a service without a version serves the newest one', async () => {
    const services = async (name: string) => {
      const model = await registry.id('kf.RegisteredModel', 'churn');
      const version = await registry.id('kf.ModelVersion', `${model}:${name}`);
      const { items } = await asked({ of: [`context:${version}`] });
      return items.flatMap(({ node }: Item) => (node.kind === 'InferenceService' ? [node.name] : []));
    };
    expect(await services('v1')).toEqual(['pinned']);
    expect(await services('v2')).toEqual(['newest']);
  });

  test('a model stands for its versions, and what is asked about is none of the items', async () => {
    const model = await registry.id('kf.RegisteredModel', 'churn');
    const { items, counts } = await asked({ of: [`context:${model}`] });
    expect(items.map(({ node }: Item) => node.name)).not.toContain('churn');
    expect(counts).toContainEqual({ kind: 'ModelVersion', count: 2 });
    expect(counts).toContainEqual({ kind: 'InferenceService', count: 2 });
  });

  test('comes in pages that together are the whole', async () => {
    const of = [`artifact:${ids.get('rows')}`, 'execution:999'];
    const whole = await asked({ of });
    expect(whole.missing).toEqual(['execution:999']);
    const items: Item[] = [];
    const reasons: (string | null)[] = [];
    for (let after: string | null | undefined; after !== null; ) {
      const page = await asked({ of, after, maxNodes: 2, maxDepth: 5 });
      items.push(...page.items);
      reasons.push(page.completeness.reason);
      after = page.completeness.cursor;
    }
    expect(items).toEqual(whole.items);
    expect(reasons).toEqual(['MAX_NODES', 'MAX_DEPTH', null]);
  });

  test.each([
    ['an id of a type', { of: [Buffer.from('ArtifactType:1').toString('base64url')] }, 'of'],
    ['no id', { of: ['artifact:x'] }, 'of'],
    ['no nodes', { of: [], maxNodes: 0 }, 'maxNodes'],
    ['too deep', { of: [], maxDepth: 10_001 }, 'maxDepth'],
    ['a cursor that is none', { of: [], after: 'x' }, 'after'],
  ])('%s is the caller’s mistake', async (_name, variables, argument) => {
    const { errors } = await ask(variables);
    expect(errors?.map(({ extensions }) => extensions)).toEqual([
      expect.objectContaining({ code: 'BAD_USER_INPUT', argument }),
    ]);
  });

  test('a cursor of a question with other arguments is refused', async () => {
    const of = [`artifact:${ids.get('rows')}`];
    const { completeness } = await asked({ of, maxNodes: 1 });
    const { errors } = await ask({ of: ['context:2'], after: completeness.cursor });
    expect(errors?.[0]?.message).toContain('other arguments');
  });
});

/** A model whose first version is the pipeline's file; services that name a version, and none. */
async function registerTwoVersions(registry: Registry): Promise<void> {
  const id = (type: string, name: string) => registry.id(type, name);
  await registry.do('createRegisteredModel', { name: 'churn' });
  const model = await id('kf.RegisteredModel', 'churn');
  await registry.do('createModelVersion', { registeredModelId: model, name: 'v1' });
  const first = await id('kf.ModelVersion', `${model}:v1`);
  await registry.do('createModelArtifact', { parentId: first, name: 'weights', uri: 's3://models/churn/1' });
  await registry.do('createServingEnvironment', { name: 'production' });
  const environment = await id('kf.ServingEnvironment', 'production');
  const service = { servingEnvironmentId: environment, registeredModelId: model };
  await registry.do('createInferenceService', { ...service, name: 'pinned', modelVersionId: first });
  await registry.do('createInferenceService', { ...service, name: 'newest' });
  const pinned = await id('kf.InferenceService', `${environment}:pinned`);
  await registry.do('createServeModel', { inferenceServiceId: pinned, modelVersionId: first, name: 'deployment' });
  await registry.do('createModelVersion', { registeredModelId: model, name: 'v2' });
}
