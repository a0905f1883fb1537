import { globSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { fillWithDemoData } from '../src/demo/fill.ts';
import { DEMO_TYPES } from '../src/demo/types.ts';
import { PropertyType } from '../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { type Harness, openHarness, STORE_KINDS } from './harness.ts';
import { requireReference, sharedFile } from './reference/require.ts';

const missing = requireReference();

test.skipIf(missing)(`the kf types are those of the Kubeflow Model Registry ${missing ?? ''}`, () => {
  const kinds = {
    CONTEXT: DEMO_TYPES.contextTypes,
    ARTIFACT: DEMO_TYPES.artifactTypes,
    EXECUTION: DEMO_TYPES.executionTypes,
  };
  const names = new Map(Object.entries(PropertyType).map(([name, value]) => [value, name]));
  const ours = Object.entries(kinds).flatMap(([type_kind, types]) =>
    types
      .filter(({ name }) => name?.startsWith('kf.'))
      .map(({ name, properties }) => [
        name,
        { type_kind, properties: Object.fromEntries([...properties].map(([key, type]) => [key, names.get(type)])) },
      ]),
  );
  expect(Object.fromEntries(ours)).toEqual(JSON.parse(readFileSync(sharedFile('contracts/kf-types.json'), 'utf8')));
});

/** The C++ engine is written to over gRPC, so that the data fits any MLMD server. */
describe.each(STORE_KINDS)('the demonstration data on the %s store', (kind) => {
  const why = kind === 'remote' ? missing : undefined;
  describe.skipIf(why)(why ?? 'shows', { timeout: 60_000 }, () => {
    let harness: Harness | undefined;
    let demo: ReturnType<typeof questionsTo>;
    beforeAll(async () => {
      harness = await openHarness({ kind });
      demo = questionsTo(harness);
      await fillWithDemoData(harness.store);
    }, 60_000);
    afterAll(() => harness?.[Symbol.asyncDispose]());

    test('at least five models with three versions each, all with metrics, parameters and a model', async () => {
      const models = await demo.list('contexts', "type = 'kf.RegisteredModel'", MODEL);
      expect(models.length).toBeGreaterThanOrEqual(5);
      for (const model of models) {
        expect(model.parents.nodes).toEqual([]);
        expect(Object.keys(model.propertyMap)).toEqual(
          expect.arrayContaining(['description', 'license', 'owner', 'tasks']),
        );
        expect(model.children.nodes).toHaveLength(3);
        for (const version of model.children.nodes) {
          expect(version.type.name).toBe('kf.ModelVersion');
          expect(version.name).toBe(`${model.databaseId}:${version.propertyMap.version}`);
          const artifacts: Row[] = version.artifacts.nodes;
          const types = artifacts.map(({ type }) => type.name);
          expect(types).toEqual(
            expect.arrayContaining(['kf.Metric', 'kf.Parameter', 'kf.ModelArtifact', 'kf.DocArtifact', 'kf.DataSet']),
          );
          for (const { name, type } of artifacts) {
            if (type.name !== 'kf.DataSet') expect(name).toMatch(new RegExp(`^${version.databaseId}:`));
            else expect(name).toMatch(/^[\da-f-]{36}:/);
          }
        }
      }
    });

    test('values of every kind, integers beyond 2^53 exactly', async () => {
      const contexts = await demo.list('contexts', 'id > 0', '{ customProperties { type } }');
      const artifacts = await demo.list('artifacts', "type = 'kf.ModelArtifact'", '{ customProperties { type text } }');
      const properties: Row[] = [...contexts, ...artifacts].flatMap(({ customProperties }) => customProperties);
      const types = new Set(properties.map(({ type }) => type));
      expect([...types].sort()).toEqual(['BOOLEAN', 'DOUBLE', 'INT', 'STRING', 'STRUCT']);
      const texts = properties.map(({ text }) => text);
      expect(texts).toContain(String(1_281_167n * 90n * 3n * 4_089_184_256n));
    });

    test('two pipelines with three runs each, of which one failed, and its later steps are absent', async () => {
      const pipelines = await demo.list('contexts', "type = 'pipeline'", PIPELINE);
      expect(pipelines).toHaveLength(2);
      const runs: Row[] = pipelines.flatMap(({ children }) => children.nodes);
      expect(runs).toHaveLength(6);
      const states = runs.map(({ executions }) => executions.nodes.map(({ state }: Row) => state));
      expect(states.filter((steps) => steps.includes('FAILED'))).toEqual([
        ['COMPLETE', 'COMPLETE', 'COMPLETE', 'FAILED'],
      ]);
      expect(states.filter((steps) => steps.length === 6)).toHaveLength(5);
      expect(states.flat().filter((state) => state === 'CACHED')).toHaveLength(1);
      const [failed, ...others] = await demo.list(
        'executions',
        'last_known_state = FAILED',
        '{ outputs { nodes { state } } }',
      );
      expect(others).toEqual([]);
      expect(failed?.outputs.nodes).toEqual([{ state: 'ABANDONED' }, { state: 'ABANDONED' }]);
    });

    test('one dataset that executions of both pipelines read', async () => {
      const datasets = await demo.list('artifacts', "type = 'kf.DataSet'", DATASET);
      const readers = datasets.map(({ consumedBy }) => new Set(pipelinesOf(consumedBy.nodes)));
      expect(readers.filter((pipelines) => pipelines.size === 2)).toHaveLength(1);
    });

    test('two environments with deployments of registered versions, reached by lineage from the model', async () => {
      const environments = await demo.list('contexts', "type = 'kf.ServingEnvironment'", ENVIRONMENT);
      expect(environments).toHaveLength(2);
      for (const { databaseId, customPropertyMap, children } of environments) {
        expect(customPropertyMap.region).toMatch(/^\w+-\w+-\d$/);
        for (const service of children.nodes) {
          expect(service.name).toMatch(new RegExp(`^${databaseId}:`));
          expect(service.propertyMap.serving_environment_id).toBe(databaseId);
          for (const { name, propertyMap, inputs } of service.executions.nodes) {
            expect(name).toMatch(new RegExp(`^${service.databaseId}:`));
            expect(inputs.nodes).toHaveLength(1);
            const [model] = inputs.nodes;
            expect(model.contexts.nodes.map((context: Row) => context.databaseId)).toContain(
              propertyMap.model_version_id,
            );
          }
        }
      }
      const deployed: Row[] = environments.flatMap(({ children }) =>
        children.nodes.flatMap(({ executions }: Row) => executions.nodes),
      );
      expect(deployed.filter(({ state }) => state === 'RUNNING').length).toBeGreaterThanOrEqual(2);
    });

    test('an experiment of two runs with the history of their metrics', async () => {
      const [experiment, ...others] = await demo.list('contexts', "type = 'kf.Experiment'", MODEL);
      expect(others).toEqual([]);
      expect(experiment?.children.nodes).toHaveLength(2);
      for (const run of experiment?.children.nodes ?? []) {
        const types = new Set(run.artifacts.nodes.map(({ type }: Row) => type.name));
        expect([...types].sort()).toEqual(['kf.Metric', 'kf.MetricHistory', 'kf.Parameter']);
      }
    });

    test.each(globSync('web/playground/examples/*.graphql', { exclude: ['**/*-register-*'] }).sort())(
      '%s with rows in each of its lists',
      async (file) => {
        const data = await demo.query(readFileSync(file, 'utf8'));
        const lists = listSizes(data);
        expect(lists.size).toBeGreaterThan(0);
        expect([...lists].filter(([, rows]) => rows === 0)).toEqual([]);
      },
    );

    test('the newest version of a model as the output of a pipeline, back to its dataset', async () => {
      const [example = ''] = globSync('web/playground/examples/*provenance.graphql');
      const { latestVersion } = (await demo.query(readFileSync(example, 'utf8'))).registeredModel;
      const [{ artifact }] = latestVersion.modelArtifacts.nodes;
      expect(artifact.producedBy.nodes).toMatchObject([{ type: { name: 'Trainer' }, state: 'COMPLETE' }]);
      expect(JSON.stringify(artifact)).toContain('kf.DataSet');
    });

    test('nothing yet that the example of a change registers, which the second time finds the name taken', async () => {
      const mutation = readFileSync('web/playground/examples/08-register-a-model.graphql', 'utf8');
      const { createRegisteredModel: made } = await demo.query(mutation);
      expect(made).toMatchObject({
        registeredModel: { state: 'LIVE', customPropertyMap: { seed: '42' } },
        userErrors: [],
      });
      const { createRegisteredModel: refused } = await demo.query(mutation);
      const { databaseId } = made.registeredModel;
      expect(refused).toMatchObject({ registeredModel: null, userErrors: [{ code: 'NAME_TAKEN', databaseId }] });
    });
  });
});

/** Rows come from queries written here, so their shapes are known by looking. */
// biome-ignore lint/suspicious/noExplicitAny: a type for each query would say the query again
type Row = Record<string, any>;

const MODEL = `{
  databaseId propertyMap parents { nodes { name } }
  children { nodes { databaseId name type { name } propertyMap artifacts(first: 40) { nodes { name type { name } } } } }
}`;

const PIPELINE = '{ name children { nodes { name type { name } executions { nodes { state } } } } }';

const DATASET = '{ consumedBy { nodes { contexts { nodes { name type { name } } } } } }';

const ENVIRONMENT = `{
  databaseId customPropertyMap
  children { nodes {
    databaseId name propertyMap
    executions { nodes { name state propertyMap inputs { nodes { contexts { nodes { databaseId } } } } } }
  } }
}`;

function pipelinesOf(executions: Row[]): string[] {
  const contexts: Row[] = executions.flatMap(({ contexts }) => contexts.nodes);
  return contexts.filter(({ type }) => type.name === 'pipeline').map(({ name }) => name);
}

/** How many rows the lists of an answer have, by the path of field names, over all rows above them. */
function listSizes(value: unknown, path = '', sizes = new Map<string, number>()): Map<string, number> {
  if (Array.isArray(value)) {
    sizes.set(path, (sizes.get(path) ?? 0) + value.length);
    for (const row of value) listSizes(row, path, sizes);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, field] of Object.entries(value)) {
      // What a JSON scalar holds is no list of the schema.
      if (!/Map$/.test(name)) listSizes(field, `${path}.${name}`, sizes);
    }
  }
  return sizes;
}

function questionsTo(harness: Harness) {
  const query = async (text: string, variables: Row = {}): Promise<Row> => {
    const { data, errors } = await harness.query(text, variables);
    expect(errors).toBeUndefined();
    return data;
  };
  return {
    query,
    /** All rows of a root list, which has to fit a page. */
    async list(field: string, filter: string, selection: string): Promise<Row[]> {
      const text = `query ($filter: String) {
        ${field}(first: 100, filterQuery: $filter) { nodes ${selection} pageInfo { hasNextPage } }
      }`;
      const { nodes, pageInfo } = (await query(text, { filter }))[field];
      expect(pageInfo.hasNextPage).toBe(false);
      return nodes;
    },
  };
}
