import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createClient } from '../../src/client/client.ts';
import {
  archiveRegisteredModel,
  createExperiment,
  createExperimentRun,
  createModelVersion,
  createRegisteredModel,
  findVersion,
  getExperiment,
  getExperimentRun,
  getModelArtifact,
  getModelVersion,
  getRegisteredModel,
  impact,
  lineage,
  listDeployments,
  listExperimentRuns,
  listExperiments,
  listModelArtifacts,
  listModelArtifactsOf,
  listModelVersions,
  listRegisteredModels,
  logRun,
  registerModel,
  restoreRegisteredModel,
  updateExperimentRun,
  updateModelVersion,
  updateRegisteredModel,
} from '../../src/client/index.ts';
import { fillWithDemoData } from '../../src/demo/fill.ts';
import { type Harness, openHarness } from '../harness.ts';
import { KINDS } from '../registry/rig.ts';

describe.each(KINDS)('the functions of the client, on the %s store', (kind) => {
  let gateway: Harness;
  let client: ReturnType<typeof createClient>;
  beforeAll(async () => {
    gateway = await openHarness({ kind, fill: fillWithDemoData });
    client = createClient({ url: gateway.url });
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  test('list over all pages, up to a limit, filtered', async () => {
    const all = await namesOf(listRegisteredModels(client));
    expect(all.length).toBeGreaterThan(4);
    expect(await namesOf(listRegisteredModels(client, { pageSize: 2 }))).toEqual(all);
    expect(await namesOf(listRegisteredModels(client, { pageSize: 2, limit: 3 }))).toEqual(all.slice(0, 3));
    expect(await namesOf(listRegisteredModels(client, { limit: 0 }))).toEqual([]);
    expect(await namesOf(listRegisteredModels(client, { where: { name: { like: 'yolo%' } } }))).toEqual(['yolov8']);
  });

  test('ask for a page only when it is read', async () => {
    let asked = 0;
    const counting = createClient({
      url: gateway.url,
      fetch: (...args) => {
        asked += 1;
        return fetch(...args);
      },
    });
    for await (const _ of listRegisteredModels(counting, { pageSize: 2 })) break;
    expect(asked).toBe(1);
  });

  test('list what belongs to one', async () => {
    const versions = await namesOf(listModelVersions(client, { model: 'yolov8', pageSize: 1 }));
    expect(versions).toEqual(['8n', '8s', '8m']);
    expect((await namesOf(listModelVersions(client))).length).toBeGreaterThan(versions.length);
    const version = await findVersion(client, { model: 'yolov8', version: '8s' });
    const files = await Array.fromAsync(listModelArtifactsOf(client, version?.databaseId ?? ''));
    expect(files).toHaveLength(1);
    expect((await namesOf(listModelArtifacts(client))).length).toBeGreaterThan(1);
    for (const list of [listModelVersions(client, { model: 'yolov9' }), listDeployments(client, { model: 'yolov9' })])
      await expect(list.next()).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringContaining('yolov9'),
      });
    await expect(listModelArtifactsOf(client, 1e9).next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('find by name, or find nothing', async () => {
    expect(await findVersion(client, { model: 'yolov8', version: '8s' })).toMatchObject({ name: '8s' });
    expect(await findVersion(client, { model: 'yolov8' })).toMatchObject({ name: '8m' });
    expect(await findVersion(client, { model: 'yolov8', version: '9' })).toBeNull();
    expect(await findVersion(client, { model: 'yolov9' })).toBeNull();
    expect(await getRegisteredModel(client, { name: 'yolov9' })).toBeNull();
    expect(await getExperiment(client, { name: 'none' })).toBeNull();
    const model = await getRegisteredModel(client, { name: 'yolov8' });
    const registeredModelId = model?.databaseId ?? '';
    expect(await getModelVersion(client, { registeredModelId, name: '8n' })).toMatchObject({ registeredModelId });
  });

  test('change and read again what was changed', async () => {
    const model = await createRegisteredModel(client, { name: 'churn', owner: 'ada' });
    const { databaseId } = model;
    expect(await getRegisteredModel(client, { name: 'churn' })).toEqual(model);
    expect(await updateRegisteredModel(client, { databaseId, owner: null })).toMatchObject({ owner: null });
    const version = await createModelVersion(client, { registeredModelId: databaseId, name: 'v1' });
    expect(
      await updateModelVersion(client, {
        databaseId: version.databaseId,
        setCustomProperties: [{ name: 'big', value: { intValue: '9007199254740993' } }],
      }),
    ).toMatchObject({ customPropertyMap: { big: '9007199254740993' } });
    expect(await archiveRegisteredModel(client, { databaseId })).toMatchObject({ state: 'ARCHIVED' });
    const warnings: string[] = [];
    const onWarning = ({ code }: { readonly code: string }) => warnings.push(code);
    await createModelVersion(client, { registeredModelId: databaseId, name: 'v2' }, { onWarning });
    expect(warnings).toEqual(['PARENT_ARCHIVED']);
    expect(await restoreRegisteredModel(client, { databaseId })).toMatchObject({ state: 'LIVE' });
  });

  test('tell of a refused change with its code, its field and what is in the way', async () => {
    const holder = await getRegisteredModel(client, { name: 'yolov8' });
    await expect(createRegisteredModel(client, { name: 'yolov8' })).rejects.toMatchObject({
      name: 'ModelGraphError',
      code: 'NAME_TAKEN',
      field: ['name'],
      databaseId: holder?.databaseId,
      retryable: false,
      requestId: expect.stringMatching(/^[\da-f-]{36}$/),
    });
    const twice = createModelVersion(client, { registeredModelId: '1000000', name: '' });
    await expect(twice).rejects.toMatchObject({ message: expect.stringContaining('(and 1 more') });
  });

  test('log a run', async () => {
    const experiment = await createExperiment(client, { name: 'tuning' });
    const run = await createExperimentRun(client, { experimentId: experiment.databaseId, name: 'lr-1e-3' });
    const experimentRunId = run.databaseId;
    expect(await logRun(client, { experimentRunId, metrics: [{ name: 'auc', value: 0.9, step: 1 }] })).toEqual(run);
    expect(await updateExperimentRun(client, { databaseId: experimentRunId, status: 'FINISHED' })).toMatchObject({
      status: 'FINISHED',
    });
    expect(await getExperimentRun(client, { databaseId: experimentRunId })).toMatchObject({ name: 'lr-1e-3' });
    expect(await namesOf(listExperiments(client))).toContain('tuning');
    expect(await namesOf(listExperimentRuns(client, { filterQuery: "status = 'FINISHED'" }))).toContain('lr-1e-3');
  });

  test('register a model with a version and its files, as often as it takes', async () => {
    const input = {
      model: { name: 'fraud', owner: 'ada' },
      version: { name: 'v1', author: 'ada' },
      artifact: { uri: 's3://models/fraud/v1', modelFormatName: 'onnx' },
    };
    const [first, again] = [await registerModel(client, input), await registerModel(client, input)];
    expect(again).toEqual(first);
    expect(await getModelArtifact(client, { parentId: first.version.databaseId, name: 'v1' })).toEqual(first.artifact);
    const elsewhere = registerModel(client, { ...input, artifact: { uri: 's3://elsewhere' } });
    await expect(elsewhere).rejects.toMatchObject({ code: 'CONFLICT', field: ['artifact', 'uri'] });
    const next = await registerModel(client, { ...input, version: { name: 'v2' } });
    expect(next.model).toEqual(first.model);
    expect(await namesOf(listModelVersions(client, { model: 'fraud' }))).toEqual(['v1', 'v2']);
  });

  test('tell which version serves where', async () => {
    const all = await Array.fromAsync(listDeployments(client, { pageSize: 2 }));
    expect(all.length).toBeGreaterThan(2);
    const [first] = await Array.fromAsync(listDeployments(client, { model: 'bert-base-uncased-sst2' }));
    expect(first?.registeredModel?.name).toBe('bert-base-uncased-sst2');
    expect(first).toMatchObject({
      servingEnvironment: { name: expect.any(String) },
      latest: { lastKnownState: expect.any(String), modelVersion: { name: expect.any(String) } },
    });
  });

  test('follow lineage over pages, and say where it ends', async () => {
    const of = (await findVersion(client, { model: 'bert-base-uncased-sst2' }))?.id ?? '';
    const whole = await lineage(client, of, { direction: 'UPSTREAM' });
    expect(whole.completeness).toMatchObject({ complete: true, reason: null });
    expect(whole.nodes.length).toBeGreaterThan(5);
    const paged = await lineage(client, of, { direction: 'UPSTREAM', pageSize: 2 });
    expect(paged.nodes).toEqual(whole.nodes);
    expect(toSet(paged.edges)).toEqual(toSet(whole.edges));
    const begun = await lineage(client, of, { direction: 'UPSTREAM', pageSize: 2, limit: 3 });
    expect(begun.nodes).toEqual(whole.nodes.slice(0, 3));
    expect(begun.completeness).toMatchObject({ complete: false, reason: 'MAX_NODES' });
    const after = begun.completeness.cursor;
    const rest = await lineage(client, of, { direction: 'UPSTREAM', after });
    expect([...begun.nodes, ...rest.nodes]).toEqual(whole.nodes);
    const near = await lineage(client, of, { direction: 'UPSTREAM', maxDepth: 1, pageSize: 2 });
    expect(near.completeness).toMatchObject({ complete: false, reason: 'MAX_DEPTH' });
    expect(near.nodes).toEqual(whole.nodes.slice(0, near.nodes.length));
    expect((await lineage(client, [of, 'artifact:999999'])).missing).toEqual(['artifact:999999']);
  });

  test('tell what depends on something', async () => {
    const [data] = (
      await lineage(client, (await findVersion(client, { model: 'bert-base-uncased-sst2' }))?.id ?? '', {
        direction: 'UPSTREAM',
        filter: { types: ['Examples'] },
      })
    ).nodes;
    const whole = await impact(client, data?.id ?? '');
    expect(whole.items.map(({ node }) => node.kind)).toContain('ModelVersion');
    expect((await impact(client, data?.id ?? '', { pageSize: 1 })).items).toEqual(whole.items);
  });
});

async function namesOf(rows: AsyncIterable<{ readonly name: string | null }>): Promise<(string | null)[]> {
  return await Array.fromAsync(rows, ({ name }) => name);
}

function toSet(values: readonly unknown[]): ReadonlySet<string> {
  return new Set(values.map((value) => JSON.stringify(value)));
}
