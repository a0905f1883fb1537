import { Event_Type } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { type MetadataStore, RPC_NAMES, type RpcName } from '../../src/mlmd/store.ts';
import { allows, type Right } from './roles.ts';

/** An RPC with a request that concerns what is stored. */
export interface MatrixRpc {
  readonly name: RpcName;
  readonly request: object;
  /** The rights of which the caller needs one; none where nodes decide. */
  readonly oneOf: readonly Right[];
  /** The rights to what the request is about, without which it is as missing. */
  readonly sees: readonly Right[];
}

/** What stands in the requests: a plain node of each sort, and a model. */
interface Sample {
  readonly artifact: { readonly id: bigint; readonly typeId: bigint; readonly type: string; readonly uri: string };
  readonly execution: { readonly id: bigint; readonly typeId: bigint; readonly type: string };
  readonly context: { readonly id: bigint; readonly typeId: bigint; readonly type: string; readonly name: string };
  readonly child: bigint;
}

/** Reads the sample, and gives external ids and names to what is to be found by them. */
export async function readSample(store: MetadataStore): Promise<Sample> {
  const plain = <Node extends { type?: string | undefined }>(nodes: readonly Node[]) =>
    nodes.filter(({ type }) => !type?.startsWith('kf.'));
  const artifact = plain((await store.getArtifacts({})).artifacts).find(({ uri, name }) => uri && name);
  const execution = plain((await store.getExecutions({})).executions).find(({ name }) => name);
  const [context, child] = plain((await store.getContexts({})).contexts);
  if (!artifact || !execution || !context || !child) throw new Error('The store lacks something for the matrix.');
  await store.putArtifacts({ artifacts: [{ ...artifact, externalId: 'ax' }] });
  await store.putExecutions({ executions: [{ ...execution, externalId: 'ex' }] });
  await store.putContexts({ contexts: [{ ...context, externalId: 'cx' }] });
  // Every field was there, or the search above had not found it.
  return { artifact, execution, context, child: child.id } as unknown as Sample;
}

const WRITES: Readonly<Record<string, readonly Right[]>> = {
  putArtifacts: ['create artifacts'],
  putExecutions: ['create executions'],
  putContexts: ['create contexts'],
  putEvents: ['create executions', 'update executions'],
  putExecution: ['create executions'],
  putLineageSubgraph: ['create executions'],
  putAttributionsAndAssociations: ['create artifacts', 'update artifacts'],
  putParentContexts: ['create contexts', 'update contexts'],
};

/** All RPCs. What each needs follows from its name alone. */
export function rpcRequests(sample: Sample): readonly MatrixRpc[] {
  return RPC_NAMES.map((name) => ({ name, request: requestOf(name, sample), ...expected(name) }));
}

function expected(name: RpcName): Pick<MatrixRpc, 'oneOf' | 'sees'> {
  if (/^put.*Types?$/.test(name)) return { oneOf: ['create types'], sees: [] };
  const written = WRITES[name];
  if (written) return { oneOf: written, sees: LINKS[name] ?? [] };
  if (/Types$/.test(name)) return { oneOf: ['list types'], sees: [] };
  if (/(?<!By)Type$|Types(ById|ByExternalIds)$/.test(name)) return { oneOf: ['get types'], sees: [] };
  if (/Lineage/.test(name)) return { oneOf: ['get lineage'], sees: STEPS };
  if (/Events/.test(name)) return { oneOf: ['get lineage'], sees: [] };
  const [, noun = ''] = /^get(?:Parent|Children)?(Artifact|Execution|Context)s/.exec(name) ?? [];
  if (
    /s$|ByType$|By(Context|Contexts|Artifact|Execution)$/.test(name) &&
    !name.endsWith('IDs') &&
    !name.endsWith('Ids')
  )
    return { oneOf: [`list ${noun.toLowerCase()}s`], sees: [] };
  return { oneOf: [], sees: [`get ${(/^get(Artifact|Execution|Context)/.exec(name)?.[1] ?? '').toLowerCase()}s`] };
}

/** What a walk of the store's own goes over. */
const STEPS: readonly Right[] = ['get artifacts', 'get executions', 'get inferenceservices'];

/** What a link is between has to be seen. */
const LINKS: Readonly<Record<string, readonly Right[]>> = {
  putEvents: ['get executions', 'get artifacts'],
  putAttributionsAndAssociations: ['get artifacts', 'get contexts'],
  putParentContexts: ['get contexts'],
};

let count = 0;

function requestOf(name: RpcName, { artifact, execution, context, child }: Sample): object {
  const fresh = `${name} ${++count}`;
  const node = { properties: new Map(), customProperties: new Map() };
  const type = { name: fresh, properties: new Map() };
  const requests: Partial<Record<RpcName, object>> = {
    putArtifactType: { artifactType: type },
    putExecutionType: { executionType: type },
    putContextType: { contextType: type },
    putTypes: { artifactTypes: [type], executionTypes: [], contextTypes: [] },
    putArtifacts: { artifacts: [{ ...node, typeId: artifact.typeId }] },
    putExecutions: { executions: [{ ...node, typeId: execution.typeId }] },
    putContexts: { contexts: [{ ...node, typeId: context.typeId, name: fresh }] },
    putEvents: { events: [{ artifactId: artifact.id, executionId: execution.id, type: Event_Type.DECLARED_INPUT }] },
    putExecution: { execution: { ...node, typeId: execution.typeId }, artifactEventPairs: [], contexts: [] },
    putLineageSubgraph: {
      executions: [{ ...node, typeId: execution.typeId }],
      artifacts: [],
      contexts: [],
      eventEdges: [],
    },
    putAttributionsAndAssociations: {
      attributions: [{ artifactId: artifact.id, contextId: context.id }],
      associations: [],
    },
    putParentContexts: { parentContexts: [{ childId: child, parentId: context.id }] },
    getArtifactByTypeAndName: { typeName: artifact.type, artifactName: nameOf(artifact) },
    getExecutionByTypeAndName: { typeName: execution.type, executionName: nameOf(execution) },
    getContextByTypeAndName: { typeName: context.type, contextName: context.name },
    getArtifactsByUri: { uris: [artifact.uri] },
    getLineageGraph: { options: { artifactsOptions: { maxResultSize: 1 } } },
    getLineageSubgraph: {
      lineageSubgraphQueryOptions: { startingArtifacts: { filterQuery: `id = ${artifact.id}` } },
      readMask: [],
    },
  };
  const ids = {
    artifactIds: [artifact.id],
    executionIds: [execution.id],
    contextIds: [context.id],
    typeIds: [artifact.typeId, execution.typeId, context.typeId],
    externalIds: ['ax', 'ex', 'cx'],
    artifactId: artifact.id,
    executionId: execution.id,
    contextId: context.id,
    typeName: name.includes('Artifact') ? artifact.type : name.includes('Execution') ? execution.type : context.type,
  };
  return requests[name] ?? ids;
}

function nameOf(node: object): string {
  return (node as { readonly name?: string }).name ?? '';
}

/** Whether an answer has any node. */
export function hasNodes(answer: object): boolean {
  return Object.values(answer).some((value) =>
    Array.isArray(value) ? value.length > 0 : value !== undefined && value !== '',
  );
}

/** What is wrong with what an RPC came to, for who has these rights; undefined where it is as it has to be. */
export function rpcProblem(
  { name, oneOf, sees }: MatrixRpc,
  rights: readonly Right[],
  outcome: { readonly code: number; readonly details: string; readonly answer?: object },
): string | undefined {
  const may = (right: Right) => {
    const [verb, resource] = right.split(' ');
    return allows(rights, { verb, resource } as Parameters<typeof allows>[1]);
  };
  const told = `${outcome.code} ${outcome.details} ${outcome.answer ? Object.keys(outcome.answer) : ''}`;
  if (oneOf.length === 0) {
    // By external ids MLMD refuses what is missing, and so what may not be seen.
    if (name.endsWith('ByExternalIds') && !sees.every(may))
      return outcome.code === 5 ? undefined : `should be missing, but: ${told}`;
    if (outcome.code !== 0) return `should be answered, but: ${told}`;
    return hasNodes(outcome.answer ?? {}) === sees.every(may)
      ? undefined
      : `should${sees.every(may) ? '' : ' not'} be shown, but: ${told}`;
  }
  // A write to what is not seen is told so before the right to write is asked for.
  if (!sees.every(may)) return outcome.code === 5 || outcome.code === 7 ? undefined : `should be refused, but: ${told}`;
  // The link may be there already, and no type has an external id.
  if (oneOf.some(may)) return [0, 5, 6].includes(outcome.code) ? undefined : `should be done, but: ${told}`;
  return outcome.code === 7 && outcome.details.startsWith('You may not ')
    ? undefined
    : `should be refused, but: ${told}`;
}
