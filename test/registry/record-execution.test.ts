import { describe, expect, test } from 'vitest';
import { openRecorder, property } from './recording.ts';
import { KINDS, plain } from './rig.ts';

const DURATION = 'type.googleapis.com/google.protobuf.Duration';

/** A value of each kind, with how it is stored. */
const EVERY_KIND = [
  property('string', { stringValue: 'ä "quoted" %' }),
  property('int', { intValue: '9223372036854775807' }),
  property('double', { doubleValue: -0.125 }),
  property('bool', { boolValue: false }),
  property('struct', { structValue: { list: [1, 'two', null], deep: { true: true } } }),
  property('proto', { protoValue: { typeUrl: DURATION, value: 'CAU=' } }),
];

const STORED = {
  string: 'ä "quoted" %',
  int: '9223372036854775807',
  double: -0.125,
  bool: false,
  struct: { list: [1, 'two', null], deep: { true: true } },
  proto: { typeUrl: DURATION, value: 'CAU=' },
};

const RUN = { context: { type: 'run', name: 'r1' } };

/** A step that trains a model, as a pipeline reports it when it is done. */
const TRAINING = {
  type: 'Trainer',
  externalId: 'task-1',
  state: 'COMPLETE',
  inputs: [
    { key: 'examples', artifact: { type: 'Examples', name: 'imdb', uri: 's3://data/imdb', state: 'LIVE' } },
    { key: 'schema', artifact: { type: 'Schema', externalId: 'schema-1' } },
  ],
  outputs: [
    { key: 'model', artifact: { type: 'Model', uri: 's3://models/1' } },
    { key: 'model', artifact: { type: 'Model', uri: 's3://models/2' } },
  ],
  contexts: [{ context: { type: 'pipeline', name: 'p' } }, RUN],
};

describe.each(KINDS)('on the %s store', (kind) => {
  test('a whole step is recorded with its types, by one call for the types and one for the data', async () => {
    await using recorder = await openRecorder(kind);
    const { execution, inputs, outputs, contexts, created, conditional } = await recorder.record(TRAINING);
    expect(recorder.writes()).toEqual(['PutTypes(3)', 'PutLineageSubgraph(1)']);
    expect({ created, conditional }).toEqual({ created: true, conditional: null });
    expect(execution).toMatchObject({ externalId: 'task-1', name: null, state: 'COMPLETE', type: { name: 'Trainer' } });
    expect(inputs).toEqual([
      { databaseId: '1', name: 'imdb', uri: 's3://data/imdb', state: 'LIVE' },
      expect.objectContaining({ databaseId: '2', name: null, state: null }),
    ]);
    expect(outputs.map(({ uri }: { uri: string }) => uri)).toEqual(['s3://models/1', 's3://models/2']);
    expect(contexts.map(({ name }: { name: string }) => name)).toEqual(['p', 'r1']);
    expect(execution.contexts.nodes.map(({ name }: { name: string }) => name)).toEqual(['p', 'r1']);
    const event = (type: string, key: string, index: string, databaseId: string) => ({
      event: expect.objectContaining({
        type,
        path: [
          { key, index: null },
          { key: null, index },
        ],
      }),
      node: { databaseId },
    });
    expect(execution.inputs.edges).toEqual([event('INPUT', 'examples', '0', '1'), event('INPUT', 'schema', '0', '2')]);
    expect(execution.outputs.edges).toEqual([event('OUTPUT', 'model', '0', '3'), event('OUTPUT', 'model', '1', '4')]);
    expect(recorder.counts()).toMatchObject({ Execution: 1, Artifact: 4, Event: 4, Association: 2, Attribution: 8 });
  });

  test('the same call again makes nothing, and answers with what is there', async () => {
    await using recorder = await openRecorder(kind);
    const first = await recorder.record(TRAINING);
    const before = recorder.counts();
    for (const _again of [1, 2]) expect(await recorder.record(TRAINING)).toEqual({ ...first, created: false });
    expect(recorder.counts()).toEqual(before);
    const alone = { type: 'Trainer', externalId: 'task-1', inputs: TRAINING.inputs, outputs: TRAINING.outputs };
    recorder.calls.length = 0;
    expect(await recorder.record(alone)).toMatchObject({ created: false, outputs: first.outputs });
    expect(recorder.writes()).toEqual([]);
  });

  test('an execution that was recorded as running is completed, with what it wrote', async () => {
    await using recorder = await openRecorder(kind);
    const task = { type: 'Trainer', name: 'train', externalId: 'task-1' };
    const steps = {
      properties: [property('steps', { intValue: '1' })],
      customProperties: [property('who', { stringValue: 'ada' })],
    };
    const pending = {
      key: 'model',
      artifact: { type: 'Model', name: 'm', state: 'PENDING' },
      eventType: 'PENDING_OUTPUT',
    };
    const running = {
      ...task,
      ...steps,
      state: 'RUNNING',
      inputs: TRAINING.inputs,
      outputs: [pending],
      contexts: [RUN],
    };
    const begun = await recorder.record(running);
    const live = {
      type: 'Model',
      name: 'm',
      state: 'LIVE',
      uri: 's3://m',
      customProperties: [property('kb', { intValue: 7 })],
    };
    const done = {
      type: 'Trainer',
      externalId: 'task-1',
      state: 'COMPLETE',
      properties: [property('loss', { doubleValue: 0.5 })],
    };
    const ended = await recorder.record({ ...done, outputs: [{ key: 'model', artifact: live }] });
    expect(ended).toMatchObject({
      created: false,
      execution: { databaseId: begun.execution.databaseId, name: 'train' },
    });
    expect(ended.execution).toMatchObject({
      state: 'COMPLETE',
      propertyMap: { steps: '1', loss: 0.5 },
      customPropertyMap: { who: 'ada' },
      contexts: { nodes: [{ name: 'r1' }] },
    });
    expect(ended.execution.inputs.edges).toEqual(begun.execution.inputs.edges);
    expect(ended.execution.outputs.edges.map(({ event }: { event: { type: string } }) => event.type).sort()).toEqual([
      'OUTPUT',
      'PENDING_OUTPUT',
    ]);
    expect(ended.outputs).toMatchObject([{ state: 'LIVE', uri: 's3://m', customPropertyMap: { kb: '7' } }]);
    expect(recorder.counts()).toMatchObject({ Execution: 1, Artifact: 3, Event: 4 });
  });

  test('properties of every kind are declared and kept exactly, of each node', async () => {
    await using recorder = await openRecorder(kind);
    const values = { properties: EVERY_KIND, customProperties: EVERY_KIND };
    const step = {
      ...{ type: 'T', externalId: 'x', ...values },
      outputs: [{ artifact: { type: 'T', name: 'a', ...values } }],
      contexts: [{ context: { type: 'T', name: 'c', ...values } }],
    };
    // The second time all of it is written over what is there.
    for (const _again of [1, 2]) {
      const { execution, outputs, contexts } = await recorder.record(step);
      for (const { propertyMap } of [execution, ...outputs, ...contexts]) expect(propertyMap).toEqual(STORED);
      for (const { customPropertyMap } of [execution, ...outputs]) expect(customPropertyMap).toEqual(STORED);
    }
    const { artifactType } = await recorder.store.getArtifactType({ typeName: 'T' });
    const { executionType } = await recorder.store.getExecutionType({ typeName: 'T' });
    const { contextType } = await recorder.store.getContextType({ typeName: 'T' });
    const declared = { string: 3, int: 1, double: 2, bool: 6, struct: 4, proto: 5 };
    for (const type of [artifactType, executionType, contextType]) {
      expect(Object.fromEntries(type?.properties ?? [])).toEqual(declared);
    }
  });

  test('a type that is there gets the properties that it lacks, and keeps the others', async () => {
    await using recorder = await openRecorder(kind);
    const properties = new Map<string, 1 | 3>([
      ['old', 1],
      ['other', 3],
    ]);
    await recorder.store.putExecutionType({ executionType: { name: 'T', properties } });
    await recorder.record({
      type: 'T',
      properties: [property('old', { intValue: 1 }), property('new', { boolValue: true })],
    });
    const { executionType } = await recorder.store.getExecutionType({ typeName: 'T' });
    expect(Object.fromEntries(executionType?.properties ?? [])).toEqual({ old: 1, other: 3, new: 6 });
    recorder.calls.length = 0;
    await recorder.record({ type: 'T', properties: [property('new', { boolValue: false })] });
    expect(recorder.writes()).toEqual(['PutLineageSubgraph(1)']);
  });

  test('artifacts and contexts that are there are used again, and get what is said of them', async () => {
    await using recorder = await openRecorder(kind);
    const p = [property('p', { intValue: 1 })];
    const context = { type: 'run', name: 'r', properties: p };
    const [byName, byId] = [
      { type: 'A', name: 'a' },
      { type: 'A', externalId: 'x' },
    ];
    const outputs = [byName, byId].map((artifact) => ({ artifact: { ...artifact, properties: p } }));
    const first = await recorder.record({ type: 'T', name: 'one', outputs, contexts: [{ context }] });
    const more = { uri: 's3://more', customProperties: [property('q', { stringValue: 'v' })] };
    const inputs = [{ artifact: { ...byName, externalId: 'y', ...more } }, { artifact: { ...byId, ...more } }];
    const changed = { ...context, externalId: 'c', properties: [property('p', { intValue: 2 })] };
    const second = await recorder.record({ type: 'T', name: 'two', inputs, contexts: [{ context: changed }] });
    const ids = (rows: readonly { databaseId: string }[]) => rows.map(({ databaseId }) => databaseId);
    expect(ids(second.inputs)).toEqual(ids(first.outputs));
    expect(ids(second.contexts)).toEqual(ids(first.contexts));
    expect(second.contexts).toMatchObject([{ propertyMap: { p: '2' } }]);
    const { artifacts } = await recorder.store.getArtifactsById({ artifactIds: ids(first.outputs).map(BigInt) });
    const shown = artifacts.map(({ id: _id, name, externalId, uri, properties, customProperties }) => ({
      ...{ name, externalId, uri, ...plain(properties), ...plain(customProperties) },
    }));
    expect(shown).toEqual([
      { name: 'a', externalId: 'y', uri: 's3://more', p: 1n, q: 'v' },
      { name: undefined, externalId: 'x', uri: 's3://more', p: 1n, q: 'v' },
    ]);
    expect(recorder.counts()).toMatchObject({ Execution: 2, Artifact: 2, Context: 1, Event: 4 });
  });

  test('an artifact that is read and written is one, and has both events', async () => {
    await using recorder = await openRecorder(kind);
    const table = { type: 'Table', name: 't', uri: 'db://t' };
    const { inputs, outputs } = await recorder.record({
      type: 'Update',
      inputs: [{ artifact: table }],
      outputs: [{ artifact: { ...table, state: 'LIVE' } }],
    });
    expect(inputs[0].databaseId).toBe(outputs[0].databaseId);
    expect(outputs).toMatchObject([{ state: 'LIVE', uri: 'db://t' }]);
    expect(recorder.counts()).toMatchObject({ Artifact: 1, Event: 2 });
  });

  test('times and kinds of events are those given, and else of now', async () => {
    await using recorder = await openRecorder(kind);
    const begin = Date.now();
    const time = '2024-02-20T06:06:37.765Z';
    const outputs = [
      { artifact: { type: 'A' }, time, eventType: 'DECLARED_OUTPUT', key: 'k', index: 7 },
      { artifact: { type: 'A' } },
    ];
    const { execution } = await recorder.record({ type: 'T', outputs });
    const [declared, now] = execution.outputs.edges.map(({ event }: { event: unknown }) => event);
    expect(declared).toEqual({
      type: 'DECLARED_OUTPUT',
      time,
      path: [
        { key: 'k', index: null },
        { key: null, index: '7' },
      ],
    });
    expect(now).toMatchObject({ type: 'OUTPUT', path: [] });
    expect(Date.parse(now.time)).toBeGreaterThanOrEqual(begin - 1_000);
  });

  test('what the registry has is named by its id: a model as an output, a run and a version as contexts', async () => {
    await using recorder = await openRecorder(kind);
    await recorder.do('createRegisteredModel', { name: 'm' });
    await recorder.do('createModelVersion', { registeredModelId: '1', name: 'v' });
    await recorder.do('createModelVersion', { registeredModelId: '1', name: 'base' });
    await recorder.do('createModelArtifact', { parentId: '2', name: 'a' });
    await recorder.do('createModelArtifact', { parentId: '3', name: 'b' });
    await recorder.do('createExperiment', { name: 'e' });
    await recorder.do('createExperimentRun', { experimentId: '4', name: 'r' });
    await recorder.do('archiveExperimentRun', { databaseId: '5' });
    const before = recorder.counts();
    const { warnings, execution, contexts } = await recorder.record({
      type: 'Trainer',
      inputs: [{ databaseId: '2', key: 'base' }],
      outputs: [{ databaseId: '1', key: 'model' }, { artifact: { type: 'Report', name: 'r' } }],
      contexts: [{ databaseId: '2' }, { databaseId: '5' }],
    });
    expect(warnings).toEqual([{ code: 'PARENT_ARCHIVED', message: 'The experiment run 5 is archived.' }]);
    expect(contexts.map(({ name }: { name: string }) => name)).toEqual(['1:v', '4:r']);
    expect(execution.inputs.edges[0].node.databaseId).toBe('2');
    // Only the report is put into them: the base model stays that of its own version.
    const { Attribution = 0 } = before;
    expect(recorder.counts()).toMatchObject({ Attribution: Attribution + 2, Event: 3, Association: 2 });
    const { artifacts } = await recorder.store.getArtifactsByContext({ contextId: 2n });
    expect(artifacts.map(({ type }) => type).sort()).toEqual(['Report', 'kf.ModelArtifact']);
  });

  test('many at once with one external id are one execution', async () => {
    await using recorder = await openRecorder(kind);
    const all = await Promise.all(Array.from({ length: 20 }, () => recorder.record(TRAINING)));
    expect(all.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(all.map(({ execution }) => execution.databaseId)).size).toBe(1);
    expect(recorder.counts()).toMatchObject({ Execution: 1, Artifact: 4, Event: 4, Association: 2, Context: 2 });
  });

  test('each of many at once adds what it alone knows', async () => {
    await using recorder = await openRecorder(kind);
    await recorder.record({ type: 'T', externalId: 'x', state: 'RUNNING' });
    const said = (index: number) => ({
      ...{ type: 'T', externalId: 'x', contexts: [RUN] },
      outputs: [{ key: 'shard', index, artifact: { type: 'Shard', name: `${index}` } }],
    });
    await Promise.all(Array.from({ length: 20 }, (_, index) => recorder.record(said(index))));
    expect(recorder.counts()).toMatchObject({ Execution: 1, Artifact: 20, Event: 20, Context: 1, Attribution: 20 });
  });

  test('a thousand artifacts are one call', async () => {
    await using recorder = await openRecorder(kind);
    const outputs = Array.from({ length: 1_000 }, (_, index) => ({
      key: 'shard',
      artifact: { type: 'Shard', name: `shard ${index}`, properties: [property('index', { intValue: index })] },
    }));
    for (const created of [true, false]) {
      const answer = await recorder.record({ type: 'Split', externalId: 'split', outputs });
      expect(answer.created).toBe(created);
      expect(answer.outputs).toHaveLength(1_000);
    }
    expect(recorder.writes()).toEqual(['PutTypes(1)', 'PutLineageSubgraph(1)']);
  });

  test('as many types and contexts as there may be are recorded', async () => {
    await using recorder = await openRecorder(kind);
    const outputs = Array.from({ length: 98 }, (_, index) => ({ artifact: { type: `A${index}`, name: 'a' } }));
    const contexts = Array.from({ length: 100 }, (_, index) => ({ context: { type: 'C', name: `${index}` } }));
    for (const _again of [1, 2]) await recorder.record({ type: 'T', name: 't', outputs, contexts });
    expect(recorder.counts()).toMatchObject({ Artifact: 98, Context: 100, Attribution: 9_800, Association: 100 });
  });

  test('without an external id and a name each is another one', async () => {
    await using recorder = await openRecorder(kind);
    for (const _again of [1, 2]) {
      expect(await recorder.record({ type: 'T', outputs: [{ artifact: { type: 'A' } }] })).toMatchObject({
        created: true,
      });
    }
    expect(recorder.counts()).toMatchObject({ Execution: 2, Artifact: 2 });
  });
});

test('an idempotency key has the first answer', async () => {
  await using recorder = await openRecorder('embedded');
  const input = { type: 'T', outputs: [{ artifact: { type: 'A' } }], idempotencyKey: 'k' };
  const first = await recorder.record(input);
  expect(first.created).toBe(true);
  expect(await recorder.record(input)).toEqual(first);
  expect(recorder.counts()).toMatchObject({ Execution: 1, Artifact: 1 });
});
