import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';

import { openHarness } from '../harness.ts';
import { fillAsOlderRegistry } from './older-registry.ts';
import { KINDS, plain, rowOf, toRegistry } from './rig.ts';

/** All rows of MLMD's tables, each with the table and, of nodes and properties, the node. */
function dump(file: string): Map<string, string> {
  using database = new DatabaseSync(file, { readOnly: true, readBigInts: true });
  const tables = ['Type', 'TypeProperty', 'ParentType', 'Context', 'ContextProperty', 'Artifact', 'ArtifactProperty'];
  const links = ['Execution', 'ExecutionProperty', 'Attribution', 'Association', 'ParentContext', 'Event'];
  return new Map(
    [...tables, ...links].flatMap((table) =>
      database
        .prepare(`SELECT * FROM ${table}`)
        .all()
        .map((row) => [`${table} ${keyOf(row)}`, JSON.stringify(Object.values(row).map(String))] as const),
    ),
  );
}

function keyOf(row: Record<string, unknown>): string {
  const node = row['context_id'] ?? row['artifact_id'] ?? row['execution_id'] ?? row['type_id'];
  return 'is_custom_property' in row ? `${node} ${row['name']}` : `${row['id'] ?? Object.values(row).join(' ')}`;
}

/** The keys of rows that are not as they were. */
function changed(before: Map<string, string>, after: Map<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key)).sort();
}

describe.each(KINDS)('a registry that the Go server wrote, on the %s store', (kind) => {
  test('is read from model to artifact and back, from run to history, and from environment to version', async () => {
    await using harness = await openHarness({ kind, fill: fillAsOlderRegistry });
    const { data, errors } = await harness.query(
      `{
      registeredModel(name: "rm") {
        ...{ owner state language readme maturity externalId }
        versions { totalCount nodes {
          ...{ name author state }
          modelArtifacts { nodes { name uri modelFormatName state modelVersions { nodes { name registeredModel { name } } } } }
        } }
        latestVersion { name }
      }
      modelVersion(registeredModelId: "1", name: "v:1") { databaseId registeredModel { name } serves { nodes { name } } }
      experiments { nodes { name runs { nodes {
        ...{ name status startTime }
        metrics { nodes { name value step timestamp } }
        parameters { nodes { name value parameterType } }
        metricHistory { totalCount nodes { name value step } }
      } } } }
      servingEnvironments(where: { customProperty: { name: "region", string: { eq: "east" } } }) { nodes {
        ...{ name description archived }
        inferenceServices { nodes {
          ...{ name desiredState }
          registeredModel { name }
          modelVersion { name }
          serves { nodes { name lastKnownState modelVersion { name } inferenceService { name } } }
        } }
      } }
      registryArtifacts { totalCount nodes { name } }
    }`.replaceAll(/\.\.\.\{ ([^}]*) \}/g, '$1'),
    );
    expect(errors).toBeUndefined();
    const nodes = (...all: object[]) => ({ nodes: all });
    expect(data).toEqual({
      registeredModel: {
        ...{
          owner: 'alice',
          state: 'LIVE',
          language: ['en', 'it'],
          readme: '# hi',
          maturity: '',
          externalId: 'ext-rm',
        },
        versions: {
          totalCount: 1,
          ...nodes({
            ...{ name: 'v:1', author: 'bob', state: 'LIVE' },
            modelArtifacts: nodes({
              ...{ name: 'model', uri: 's3://m', modelFormatName: 'onnx', state: null },
              modelVersions: nodes({ name: 'v:1', registeredModel: { name: 'rm' } }),
            }),
          }),
        },
        latestVersion: { name: 'v:1' },
      },
      modelVersion: { databaseId: '2', registeredModel: { name: 'rm' }, serves: nodes({ name: 'sm' }) },
      experiments: nodes({
        name: 'e',
        runs: nodes({
          ...{ name: 'r', status: 'RUNNING', startTime: '1970-01-01T00:00:00.017Z' },
          metrics: nodes({ name: 'loss', value: 0.9, step: '1', timestamp: '1000000001000' }),
          parameters: nodes({ name: 'lr', value: '0.1', parameterType: 'NUMBER' }),
          metricHistory: { totalCount: 1, ...nodes({ name: 'loss', value: 0.9, step: '1' }) },
        }),
      }),
      servingEnvironments: nodes({
        ...{ name: 'prod', description: 'East', archived: false },
        inferenceServices: nodes({
          ...{ name: 'is', desiredState: 'DEPLOYED' },
          registeredModel: { name: 'rm' },
          modelVersion: { name: 'v:1' },
          serves: nodes({
            ...{ name: 'sm', lastKnownState: 'UNKNOWN' },
            modelVersion: { name: 'v:1' },
            inferenceService: { name: 'is' },
          }),
        }),
      }),
      registryArtifacts: {
        totalCount: 4,
        ...nodes({ name: 'model' }, { name: 'alone' }, { name: 'loss' }, { name: 'lr' }),
      },
    });
  });

  test('is written on, and what is not touched stays byte by byte', async () => {
    await using harness = await openHarness({ kind, fill: fillAsOlderRegistry });
    const registry = toRegistry(harness);
    const before = dump(harness.file);
    const since = (last: Map<string, string>) => changed(last, dump(harness.file));

    // Nothing new: the types that are there are taken.
    await registry.do('updateRegisteredModel', { databaseId: '1', owner: 'alice', tasks: [] });
    expect(since(before)).toEqual([]);

    await registry.do('updateRegisteredModel', {
      databaseId: '1',
      ...{ description: 'new', maturity: null },
      setCustomProperties: [{ name: 'x', value: { boolValue: true } }],
      removeCustomProperties: ['i'],
    });
    expect(since(before)).toEqual([
      'Context 1',
      'ContextProperty 1 description',
      'ContextProperty 1 i',
      'ContextProperty 1 maturity',
      'ContextProperty 1 x',
    ]);

    let last = dump(harness.file);
    await registry.do('updateModelVersion', { databaseId: '2', author: 'carol' });
    await registry.do('archiveServingEnvironment', { databaseId: '5' });
    await registry.do('updateServeModel', { databaseId: '1', lastKnownState: 'RUNNING' });
    await registry.do('updateModelArtifact', { databaseId: '1', uri: 's3://n' });
    await registry.do('updateInferenceService', { databaseId: '6', modelVersionId: '2' });
    expect(since(last)).toEqual([
      'Artifact 1',
      'Context 2',
      'Context 5',
      'Context 6',
      'ContextProperty 2 author',
      'ContextProperty 5 modelgraph.archived',
      'ContextProperty 6 model_version_id',
      'Execution 1',
    ]);

    last = dump(harness.file);
    const logged = { name: 'loss', value: 0.5, step: 2, timestamp: '1000000002000' };
    await registry.do('upsertArtifact', { parentId: '4', metric: logged });
    expect(since(last)).toEqual([
      'Artifact 3',
      'Artifact 6',
      'ArtifactProperty 3 step',
      'ArtifactProperty 3 timestamp',
      'ArtifactProperty 3 value',
      'ArtifactProperty 6 step',
      'ArtifactProperty 6 timestamp',
      'ArtifactProperty 6 value',
      'Attribution 5',
    ]);

    const taken = await registry.refused('createModelVersion', { registeredModelId: '1', name: 'v:1' });
    expect(taken).toMatchObject([{ code: 'NAME_TAKEN', databaseId: '2' }]);
    await registry.do('createModelVersion', { registeredModelId: '1', name: 'v2' });
    expect(plain((await rowOf(harness.store, 'kf.ModelVersion', '1:v2'))?.properties)).toEqual({
      ...{ state: 'LIVE', version: 'v2', model_name: 'rm' },
    });
  });

  test('an artifact that stands alone is attached to a version, and to another one', async () => {
    await using harness = await openHarness({ kind, fill: fillAsOlderRegistry });
    const registry = toRegistry(harness);
    const attach = { databaseId: '2', modelArtifact: {} };
    for (const parentId of ['2', '4', '4']) {
      const told = await registry.do('upsertArtifact', { parentId, ...attach });
      expect(told.created).toBe(false);
    }
    const { contexts } = await harness.store.getContextsByArtifact({ artifactId: 2n });
    expect(contexts.map(({ id }) => id).sort()).toEqual([2n, 4n]);
    // The history of a run has the run's id in its names, wherever the metric is at home.
    await registry.do('createExperimentRun', { experimentId: '3', name: 'r2' });
    await registry.do('upsertArtifact', { parentId: '7', databaseId: '3', metric: { value: 2 } });
    const { artifacts } = await harness.store.getArtifactsByContext({ contextId: 7n });
    expect(artifacts.map(({ name = '' }) => name.replace(/\d{13}$/, 'TIME'))).toEqual(['4:loss', '7:loss__TIME']);
  });
});
