import { afterAll, beforeAll, expect, test } from 'vitest';

import { describeStores } from '../describe-stores.ts';
import { type Harness, openHarness } from '../harness.ts';
import { as, policyOf } from './roles.ts';

const ROLES = {
  admin: ['* *'],
  reader: ['get *', 'list *'],
  editor: ['get *', 'list *', 'create *', 'update *'],
  archivist: ['get *', 'list *', 'archive *'],
  adder: ['get *', 'list *', 'create artifacts', 'create executions', 'create contexts'],
  other: ['* *'],
  blind: ['create *', 'update *', 'archive *'],
};

const refused = (right: string) => `You may not ${right} in the registry 'modelgraph'.`;

/** Before anything was looked at. */
const FORBIDDEN = (right: string) => [403, refused(right)];

/** By what it came to, when it had begun. */
const REFUSED = (right: string) => [200, refused(right)];

describeStores('over the %s store', (kind) => {
  let harness: Harness;
  let model: string;

  const change = async (name: string, query: string, input: object) => {
    const { status, data, errors } = await harness.query(query, { input }, as(name));
    if (errors) return [status, errors[0]?.message];
    const [payload] = Object.values<{ userErrors: { code: string }[] }>(data);
    return [status, payload?.userErrors[0]?.code ?? 'done'];
  };
  const create =
    'mutation ($input: CreateRegisteredModelInput!) { createRegisteredModel(input: $input) { registeredModel { databaseId } userErrors { code } } }';
  const update =
    'mutation ($input: UpdateRegisteredModelInput!) { updateRegisteredModel(input: $input) { userErrors { code } } }';
  const archive = 'mutation ($input: ArchiveInput!) { archiveRegisteredModel(input: $input) { userErrors { code } } }';
  const restore = 'mutation ($input: ArchiveInput!) { restoreRegisteredModel(input: $input) { userErrors { code } } }';
  const record = 'mutation ($input: RecordExecutionInput!) { recordExecution(input: $input) { userErrors { code } } }';
  const upsert =
    'mutation ($input: UpsertArtifactInput!) { upsertArtifact(input: $input) { created userErrors { code } } }';

  beforeAll(async () => {
    harness = await openHarness({ kind, policy: policyOf(ROLES) });
    const { data } = await harness.query(create, { input: { name: 'detector' } }, as('admin'));
    model = data.createRegisteredModel.registeredModel.databaseId;
  });

  afterAll(() => harness[Symbol.asyncDispose]());

  test('whoever may only read changes nothing', async () => {
    expect(await change('reader', create, { name: 'mine' })).toEqual(FORBIDDEN('create registeredmodels'));
    expect(await change('reader', update, { databaseId: model, description: 'x' })).toEqual(
      FORBIDDEN('update registeredmodels'),
    );
    expect(await change('reader', archive, { databaseId: model })).toEqual(FORBIDDEN('archive registeredmodels'));
    expect(await change('reader', record, { type: 'Train' })).toEqual(FORBIDDEN('create executions'));
    const { data } = await harness.query('{ registeredModels { nodes { name description state } } }', {}, as('admin'));
    expect(data.registeredModels.nodes).toEqual([{ name: 'detector', description: null, state: 'LIVE' }]);
  });

  test('archiving is a right of its own, whichever way it is asked for', async () => {
    expect(await change('editor', update, { databaseId: model, description: 'finds faults' })).toEqual([200, 'done']);
    expect(await change('editor', archive, { databaseId: model })).toEqual(FORBIDDEN('archive registeredmodels'));
    expect(await change('editor', update, { databaseId: model, state: 'ARCHIVED' })).toEqual(
      REFUSED('archive registeredmodels'),
    );
    const patch = (name: string, body: object) =>
      fetch(`${harness.url}/api/model_registry/v1alpha3/registered_models/${model}`, {
        method: 'PATCH',
        headers: { ...as(name), 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await patch('editor', { state: 'ARCHIVED' })).status).toBe(403);
    expect((await patch('editor', { description: 'finds all faults' })).status).toBe(200);
    expect(await change('archivist', update, { databaseId: model, description: 'gone' })).toEqual(
      FORBIDDEN('update registeredmodels'),
    );
    expect(await change('archivist', archive, { databaseId: model })).toEqual([200, 'done']);
    expect(await change('archivist', restore, { databaseId: model })).toEqual([200, 'done']);
  });

  test('what an execution is recorded with needs the rights to all of it', async () => {
    expect(await change('adder', record, { type: 'Train' })).toEqual(REFUSED('create types'));
    const outputs = [{ artifact: { type: 'Weights', name: 'w1', uri: 's3://w/1' } }];
    expect(await change('admin', record, { type: 'Train', name: 'first', outputs })).toEqual([200, 'done']);
    expect(await change('adder', record, { type: 'Train', name: 'second', outputs })).toEqual([200, 'done']);
    const changed = [{ artifact: { type: 'Weights', name: 'w1', uri: 's3://w/2' } }];
    expect(await change('adder', record, { type: 'Train', name: 'third', outputs: changed })).toEqual(
      REFUSED('update artifacts'),
    );
    const { data } = await harness.query(
      '{ executions { nodes { name } } artifacts { nodes { uri } } }',
      {},
      as('admin'),
    );
    expect(data).toEqual({
      executions: { nodes: [{ name: 'first' }, { name: 'second' }] },
      artifacts: { nodes: [{ uri: 's3://w/1' }] },
    });
  });

  test('an upsert needs the right to what it comes to', async () => {
    const { data } = await harness.query(
      'mutation ($input: CreateModelVersionInput!) { createModelVersion(input: $input) { modelVersion { databaseId } } }',
      { input: { registeredModelId: model, name: 'v1' } },
      as('admin'),
    );
    const parentId = data.createModelVersion.modelVersion.databaseId;
    const artifact = (uri: string) => ({ parentId, modelArtifact: { name: 'weights', uri } });
    expect(await change('adder', upsert, artifact('s3://a'))).toEqual([200, 'done']);
    expect(await change('adder', upsert, artifact('s3://b'))).toEqual(REFUSED('update artifacts'));
    expect(await change('editor', upsert, artifact('s3://b'))).toEqual([200, 'done']);
  });

  test('what may not be seen cannot be changed, and is told as missing', async () => {
    expect(await change('blind', update, { databaseId: model, description: 'x' })).toEqual([200, 'NOT_FOUND']);
    expect(await change('blind', update, { databaseId: '99999999', description: 'x' })).toEqual([200, 'NOT_FOUND']);
    expect(await change('blind', archive, { databaseId: model })).toEqual([200, 'NOT_FOUND']);
  });

  test('a key for repeated requests is its caller’s', async () => {
    const input = { name: `keyed ${kind}`, idempotencyKey: 'k1' };
    const first = await change('admin', create, input);
    if (kind === 'remote') return expect(first).toEqual([200, 'IDEMPOTENCY_UNSUPPORTED']);
    expect(first).toEqual([200, 'done']);
    expect(await change('admin', create, input)).toEqual([200, 'done']);
    return expect(await change('other', create, input)).toEqual([200, 'NAME_TAKEN']);
  });
});
