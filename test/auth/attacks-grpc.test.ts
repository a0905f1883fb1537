import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import {
  type Artifact,
  type Context,
  Event_Type,
  type Execution,
} from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { openRpcRig, type RpcRig } from './rpc-rig.ts';

const ROLES = {
  reader: ['get *', 'list *'],
  nobody: [],
  adder: ['get *', 'create executions'],
  filler: ['create artifacts', 'create contexts', 'get artifacts'],
  blind: ['create artifacts', 'create executions', 'get executions', 'get contexts'],
  walker: ['* artifacts', '* executions', '* inferenceservices', 'get lineage'],
};

const DENIED = 7;
const TAKEN = 6;

const UPDATE = (resource: string) => `You may not update ${resource} in the registry 'modelgraph'.`;

describe('over gRPC', () => {
  let rig: RpcRig;
  let artifact: Artifact & { readonly id: bigint };
  let execution: Execution & { readonly id: bigint };
  let context: Context;

  beforeAll(async () => {
    rig = await openRpcRig(ROLES);
    const { sample, store } = rig;
    artifact = {
      ...only((await store.getArtifactsById({ artifactIds: [sample.artifact.id] })).artifacts),
      id: sample.artifact.id,
    };
    execution = {
      ...only((await store.getExecutionsById({ executionIds: [sample.execution.id] })).executions),
      id: sample.execution.id,
    };
    context = only((await store.getContextsById({ contextIds: [sample.context.id] })).contexts);
  });

  afterAll(() => rig[Symbol.asyncDispose]());

  const event = () => ({ artifactId: artifact.id, executionId: execution.id, type: Event_Type.INTERNAL_OUTPUT });

  test.each<[string, () => object]>([
    ['an event', () => ({ execution, artifactEventPairs: [{ event: event() }], contexts: [] })],
    [
      'an event of a whole artifact',
      () => ({ execution, artifactEventPairs: [{ artifact, event: event() }], contexts: [] }),
    ],
    ['an association', () => ({ execution, artifactEventPairs: [], contexts: [context] })],
    [
      'an association by force',
      () => ({ execution, artifactEventPairs: [], contexts: [context], options: { forceReuseContext: true } }),
    ],
  ])('a reader links no execution that is there by PutExecution: %s', async (_what, request) => {
    const { code, details } = await rig.call('putExecution', request(), 'reader');
    expect([code, details]).toEqual([DENIED, UPDATE('executions')]);
  });

  test.each<[string, () => object, string]>([
    [
      'an event',
      () => ({
        executions: [execution],
        artifacts: [artifact],
        contexts: [],
        eventEdges: [{ executionIndex: 0, artifactIndex: 0, event: { type: 1 } }],
      }),
      'executions',
    ],
    [
      'an association',
      () => ({ executions: [execution], artifacts: [], contexts: [context], eventEdges: [] }),
      'executions',
    ],
    [
      'an attribution',
      () => ({ executions: [], artifacts: [artifact], contexts: [context], eventEdges: [] }),
      'artifacts',
    ],
    [
      'an attribution by an external id',
      () => ({
        executions: [],
        artifacts: [{ ...artifact, id: undefined }],
        contexts: [context],
        eventEdges: [],
        options: { reuseArtifactIfAlreadyExistByExternalId: true },
      }),
      'artifacts',
    ],
  ])('a reader links nothing that is there by PutLineageSubgraph: %s', async (_what, request, resource) => {
    const { code, details } = await rig.call('putLineageSubgraph', request(), 'reader');
    expect([code, details]).toEqual([DENIED, UPDATE(resource)]);
  });

  test('a reader takes nothing away by leaving it out', async () => {
    const left = {
      id: artifact.id,
      typeId: artifact.typeId,
      properties: artifact.properties,
      customProperties: artifact.customProperties,
    };
    const { code, details } = await rig.call('putArtifacts', { artifacts: [left] }, 'reader');
    const after = (await rig.store.getArtifactsById({ artifactIds: [artifact.id] })).artifacts[0];
    expect([code, details, after]).toEqual([DENIED, UPDATE('artifacts'), artifact]);
  });

  test('whoever may create executions links one that is there', async () => {
    const request = { execution, artifactEventPairs: [], contexts: [context] };
    expect((await rig.call('putExecution', request, 'adder')).code).toBe(0);
  });

  test.each<[string, () => object]>([
    ['by force', () => ({ execution, options: { forceUpdateTime: true } })],
    ['by a type that is left out', () => ({ execution: { ...execution, type: undefined } })],
    ['by metadata of the system', () => ({ execution: { ...execution, systemMetadata: { typeUrl: 'x' } } })],
  ])('a reader sets no time of an update: %s', async (_what, request) => {
    const asked = { artifactEventPairs: [], contexts: [], ...request() };
    const { code, details } = await rig.call('putExecution', asked, 'reader');
    const after = (await rig.store.getExecutionsById({ executionIds: [execution.id] })).executions[0];
    expect([code, details, after]).toEqual([DENIED, UPDATE('executions'), execution]);
  });

  test('an artifact of a new external id is made where one may be reused', async () => {
    const request = {
      execution: { typeId: execution.typeId, properties: new Map(), customProperties: new Map() },
      artifactEventPairs: [{ artifact: { ...artifact, id: undefined, name: 'new', externalId: 'new' } }],
      contexts: [],
      options: { reuseArtifactIfAlreadyExistByExternalId: true },
    };
    expect(await rig.call('putExecution', request, 'walker')).toMatchObject({ code: 0 });
  });

  test('whoever may not change types gives them no external id', async () => {
    const [type] = (await rig.store.getArtifactTypes({})).artifactTypes;
    const { code, details } = await rig.call(
      'putArtifactType',
      { artifactType: { ...type, externalId: 'mine' } },
      'reader',
    );
    expect([code, details]).toEqual([DENIED, UPDATE('types')]);
  });

  test('a type that is there is told of no more than one that is not, to whom may not get types', async () => {
    const { artifactTypes } = await rig.store.getArtifactTypes({});
    const there = only(artifactTypes.filter(({ name }) => !name?.startsWith('kf.')));
    for (const artifactType of [there, { ...there, properties: new Map() }, { name: 'none', properties: new Map() }]) {
      const { code, details } = await rig.call('putArtifactType', { artifactType }, 'nobody');
      expect([code, details]).toEqual([DENIED, "You may not create types in the registry 'modelgraph'."]);
    }
  });

  test('an artifact that may not be seen is not changed by its external id', async () => {
    const { code, details, answer } = await rig.call(
      'putExecution',
      {
        execution: { typeId: execution.typeId, properties: new Map(), customProperties: new Map() },
        artifactEventPairs: [{ artifact: { ...artifact, id: undefined, uri: 's3://mine' } }],
        contexts: [],
        options: { reuseArtifactIfAlreadyExistByExternalId: true },
      },
      'blind',
    );
    const after = (await rig.store.getArtifactsById({ artifactIds: [artifact.id] })).artifacts[0];
    expect([code, answer, after?.uri]).toEqual([TAKEN, undefined, artifact.uri]);
    expect(details).toBe('A record of this name or external id exists already.');
  });

  test('nothing is put into a context that may not be seen by its name', async () => {
    const request = { executions: [], artifacts: [{ ...artifact, id: undefined, name: 'new', externalId: undefined }] };
    const named = { ...context, id: undefined };
    const options = { reuseContextIfAlreadyExist: true };
    const { code } = await rig.call(
      'putLineageSubgraph',
      { ...request, contexts: [named], eventEdges: [], options },
      'filler',
    );
    expect(code).toBe(TAKEN);
  });

  test.each<[string, object]>([
    ['its start', { artifactsOptions: { filterQuery: "contexts_a.name = 'x'" } }],
    ['its bounds', { stopConditions: { boundaryArtifacts: "contexts_a.name = 'x'" } }],
    ['its bounds of executions', { stopConditions: { boundaryExecutions: "contexts_a.name = 'x'" } }],
  ])('a lineage is not asked for by neighbours that may not be seen: %s', async (_what, options) => {
    const { code, details } = await rig.call('getLineageGraph', { options }, 'walker');
    expect([code, details]).toEqual([
      DENIED,
      "A filter by contexts_… needs the right to get contexts in the registry 'modelgraph'.",
    ]);
  });

  test.each([
    '`contexts\\u005fa`.name',
    '`\\143ontexts_a`.name',
    '`contexts\\x5fa`.name',
    '`\\U00000063ontexts_a`.name',
  ])('a name in escapes is the same name: %s', async (name) => {
    const { code } = await rig.call('getArtifacts', { options: { filterQuery: `${name} = 'x'` } }, 'walker');
    expect(code).toBe(DENIED);
  });

  test('a type by its name alone', async () => {
    const node = { type: 'kf.RegisteredModel', name: 'x', properties: new Map(), customProperties: new Map() };
    expect((await rig.call('putContexts', { contexts: [node] }, 'walker')).code).not.toBe(0);
  });
});

function only<Row>([row]: readonly Row[]): Row {
  if (!row) throw new Error('The sample lacks something.');
  return row;
}
