import { print } from 'graphql';

import type { MetadataStore } from '../../src/mlmd/store.ts';
import { NODE_RPCS } from '../../src/registry/node-rpcs.ts';
import type { RestOperation } from '../../src/rest/operation.ts';
import { readRest } from '../../src/rest.ts';
import { createSchema } from '../../src/schema.ts';

/** A request over HTTP. */
export type Sent = readonly [method: string, path: string, body?: string];

/** One thing to ask for, or to make. */
export interface Case {
  readonly name: string;
  /** Another request each time where it makes something. */
  readonly rest: () => Sent;
  /** The operation of the route, with the same variables, at /graphql. */
  readonly graphql: () => Sent;
  /** The store calls alone that write; those that read are recorded. */
  readonly store?: (store: MetadataStore) => Promise<unknown>;
}

/** Where the API is that is measured. */
export const BASE = '/api/model_registry/v1alpha3';

const operations = readRest(createSchema())
  .filter(({ api }) => api.base === BASE)
  .flatMap((mounted) => mounted.operations);

/** The operation of the id, of several that which takes this kind of body. */
export function operationOf(id: string, kind?: string): RestOperation {
  const found = operations.find((each) => each.id === id && (kind === undefined || each.constant?.value === kind));
  if (!found) throw new Error(`there is no operation ${id}`);
  return found;
}

/** The requests to a registry of so many models: model 1 has ten versions, and the first of these two artifacts. */
export function casesFor(models: number): readonly Case[] {
  const newest = { orderBy: 'CREATE_TIME', sortOrder: 'DESC' };
  const name = `m${models - 1}`;
  return [
    read('model by id', 'registered_models/1', 'getRegisteredModel', { registeredmodelId: '1' }),
    read('find by name', `registered_model?name=${name}`, 'findRegisteredModel', { name }),
    read('page of 100 models', 'registered_models?pageSize=100', 'getRegisteredModels', { pageSize: 100 }),
    read('page of 100, newest first', 'registered_models?pageSize=100&orderBy=CREATE_TIME', 'getRegisteredModels', {
      ...{ pageSize: 100, ...newest },
    }),
    read('10 versions of a model', 'registered_models/1/versions', 'getRegisteredModelVersions', {
      registeredmodelId: '1',
    }),
    read('2 artifacts of a version', 'model_versions/2/artifacts', 'getModelVersionArtifacts', { modelversionId: '2' }),
    ...creates(),
  ];
}

function read(name: string, path: string, id: string, variables: object): Case {
  const query = print(operationOf(id).document);
  return {
    name,
    rest: () => ['GET', `${BASE}/${path}`],
    graphql: () => ['POST', '/graphql', JSON.stringify({ query, variables })],
  };
}

function creates(): readonly Case[] {
  const post = (id: string, path: string, body: object, toVariables: (body: object) => object, kind?: string) => {
    const query = print(operationOf(id, kind).document);
    const made = () => ({ ...body, name: crypto.randomUUID() });
    return {
      rest: (): Sent => ['POST', `${BASE}/${path}`, JSON.stringify(made())],
      graphql: (): Sent => ['POST', '/graphql', JSON.stringify({ query, variables: toVariables(made()) })],
    };
  };
  const asInput = (input: object) => ({ input });
  const version = { registeredModelId: '1' };
  const ofVersion = (artifact: object) => ({ modelversionId: '3', artifact });
  const artifact = post('upsertModelVersionArtifact', 'model_versions/3/artifacts', {}, ofVersion, 'model-artifact');
  const rest = (): Sent => {
    const [method, path, body] = artifact.rest();
    return [method, path, JSON.stringify({ artifactType: 'model-artifact', ...JSON.parse(body ?? '{}') })];
  };
  return [
    { name: 'new model', ...post('createRegisteredModel', 'registered_models', {}, asInput), store: putModel },
    { name: 'new version', ...post('createModelVersion', 'model_versions', version, asInput), store: putVersion },
    { name: 'new artifact', ...artifact, rest, store: putArtifact },
  ];
}

async function putModel(store: MetadataStore): Promise<unknown> {
  const { contextType } = await store.getContextType({ typeName: 'kf.RegisteredModel' });
  const id = await NODE_RPCS.Context.put(store, row(contextType?.id, crypto.randomUUID()), {}, {});
  return store.getContextsById({ contextIds: [id] });
}

async function putVersion(store: MetadataStore): Promise<unknown> {
  const { contextType } = await store.getContextType({ typeName: 'kf.ModelVersion' });
  await store.getContextsById({ contextIds: [1n] });
  const childId = await NODE_RPCS.Context.put(store, row(contextType?.id, `1:${crypto.randomUUID()}`), {}, {});
  await store.putParentContexts({ parentContexts: [{ childId, parentId: 1n }] });
  return store.getContextsById({ contextIds: [childId] });
}

async function putArtifact(store: MetadataStore): Promise<unknown> {
  const { artifactType } = await store.getArtifactType({ typeName: 'kf.ModelArtifact' });
  const [version] = (await store.getContextsById({ contextIds: [3n] })).contexts;
  const { artifactIds } = await store.putLineageSubgraph({
    artifacts: [row(artifactType?.id, `3:${crypto.randomUUID()}`)],
    executions: [],
    contexts: [row(version?.typeId, version?.name)],
    eventEdges: [],
    options: { reuseContextIfAlreadyExist: true },
  });
  return store.getArtifactsById({ artifactIds });
}

function row(typeId: bigint | undefined, name: string | undefined) {
  return { typeId, name, properties: new Map(), customProperties: new Map() };
}
