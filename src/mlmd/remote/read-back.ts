import { inParallel } from '../../domain/in-parallel.ts';
import { isChanged, isSameValue } from '../../domain/row.ts';
import type { Artifact, Context, Execution, Value } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStoreRpcs, RpcName, RpcRequest, RpcResponse } from '../store.ts';

/** Looks whether a write that nobody answered was made: gives its answer if so, and undefined where it cannot be seen. */
export type ReadBack<Name extends RpcName> = (
  source: Source,
  request: RpcRequest<Name>,
) => Promise<RpcResponse<Name> | undefined>;

/** What to look with. */
interface Source {
  readonly rpcs: MetadataStoreRpcs;
  readonly call: Call;
}

type Row = Artifact | Execution | Context;

/** The server writes a double with six decimals and reads 15 digits: it may be off by so much, or by such a part of it. */
const DOUBLE_SLACK = { by: 1e-6, part: 1e-14 } as const;

/**
 * The writes that can be looked for. Each is one transaction of the server, so that one new row of it tells of all: had
 * the name been another's, the server would have refused. A row is new where it has a name and no id.
 */
export const READ_BACKS: { readonly [Name in RpcName]?: ReadBack<Name> } = {
  async putArtifacts(source, { artifacts, updateMask }) {
    const artifactIds = await idsOf(source, ARTIFACTS, artifacts, updateMask);
    return artifactIds && artifacts.length > 0 ? { artifactIds } : undefined;
  },
  async putExecutions(source, { executions, updateMask }) {
    const executionIds = await idsOf(source, EXECUTIONS, executions, updateMask);
    return executionIds && executions.length > 0 ? { executionIds } : undefined;
  },
  async putContexts(source, { contexts, updateMask }) {
    const contextIds = await idsOf(source, CONTEXTS, contexts, updateMask);
    return contextIds && contexts.length > 0 ? { contextIds } : undefined;
  },
  async putExecution(source, { execution, artifactEventPairs, contexts, options }) {
    if (!execution || !isNew(execution) || artifactEventPairs.length > 0) return undefined;
    const ids = await idsOfAll(source, { artifacts: [], executions: [execution], contexts }, options);
    return ids && { executionId: ids.executionIds[0], artifactIds: [], contextIds: ids.contextIds };
  },
  async putLineageSubgraph(source, { artifacts, executions, contexts, options }) {
    const reused = options?.reuseContextIfAlreadyExist ? [] : contexts;
    if (options?.reuseArtifactIfAlreadyExistByExternalId) return undefined;
    if (![...artifacts, ...executions, ...reused].some(isNew)) return undefined;
    return idsOfAll(source, { artifacts, executions, contexts }, options);
  },
  async putParentContexts({ rpcs, call }, { parentContexts }) {
    const linked = await Promise.all(
      parentContexts.map(async ({ childId, parentId }) => {
        const { contexts } = await rpcs.getParentContextsByContext({ contextId: childId }, call);
        return contexts.some(({ id }) => id === parentId);
      }),
    );
    return linked.length > 0 && linked.every(Boolean) ? {} : undefined;
  },
};

interface Rows {
  readonly artifacts: readonly Artifact[];
  readonly executions: readonly Execution[];
  readonly contexts: readonly Context[];
}

/** The ids of the rows of one request; undefined where one is not there as it was sent. */
async function idsOfAll(
  source: Source,
  { artifacts, executions, contexts }: Rows,
  options: { readonly reuseContextIfAlreadyExist?: boolean | undefined } | undefined,
) {
  // A context that may be reused is left as it is, so that only its name has to be there.
  const mask = options?.reuseContextIfAlreadyExist ? [] : undefined;
  const [artifactIds, executionIds, contextIds] = await Promise.all([
    idsOf(source, ARTIFACTS, artifacts, undefined),
    idsOf(source, EXECUTIONS, executions, undefined),
    idsOf(source, CONTEXTS, contexts, mask),
  ]);
  return artifactIds && executionIds && contextIds && { artifactIds, executionIds, contextIds };
}

/** A type, as rows of it are asked for by name. */
interface Typed {
  readonly id?: bigint | undefined;
  readonly name?: string | undefined;
  readonly version?: string | undefined;
}

/** A type in a request. */
interface TypeName {
  readonly typeName: string | undefined;
  readonly typeVersion: string | undefined;
}

/** The reads of one kind of node. */
interface Reads {
  byIds(source: Source, ids: bigint[]): Promise<readonly Row[]>;
  types(source: Source, ids: bigint[]): Promise<readonly Typed[]>;
  byName(source: Source, type: TypeName, name: string): Promise<Row | undefined>;
}

const ARTIFACTS: Reads = {
  byIds: async ({ rpcs, call }, artifactIds) => (await rpcs.getArtifactsById({ artifactIds }, call)).artifacts,
  types: async ({ rpcs, call }, typeIds) => (await rpcs.getArtifactTypesById({ typeIds }, call)).artifactTypes,
  byName: async ({ rpcs, call }, type, artifactName) =>
    (await rpcs.getArtifactByTypeAndName({ ...type, artifactName }, call)).artifact,
};

const EXECUTIONS: Reads = {
  byIds: async ({ rpcs, call }, executionIds) => (await rpcs.getExecutionsById({ executionIds }, call)).executions,
  types: async ({ rpcs, call }, typeIds) => (await rpcs.getExecutionTypesById({ typeIds }, call)).executionTypes,
  byName: async ({ rpcs, call }, type, executionName) =>
    (await rpcs.getExecutionByTypeAndName({ ...type, executionName }, call)).execution,
};

const CONTEXTS: Reads = {
  byIds: async ({ rpcs, call }, contextIds) => (await rpcs.getContextsById({ contextIds }, call)).contexts,
  types: async ({ rpcs, call }, typeIds) => (await rpcs.getContextTypesById({ typeIds }, call)).contextTypes,
  byName: async ({ rpcs, call }, type, contextName) =>
    (await rpcs.getContextByTypeAndName({ ...type, contextName }, call)).context,
};

/** The ids of the rows, in their order; undefined where one is not there, or not as it was sent. */
async function idsOf(
  source: Source,
  reads: Reads,
  sent: readonly Row[],
  mask: readonly string[] | undefined,
): Promise<bigint[] | undefined> {
  const found = await findAll(source, reads, sent);
  const ids = sent.flatMap((asked, index) => {
    const row = found[index];
    return row?.id !== undefined && holds(row, asked, mask) ? [row.id] : [];
  });
  return ids.length === sent.length ? ids : undefined;
}

/** The stored row of each of these: one read of all ids, one of all types, and one of each name. */
async function findAll(source: Source, reads: Reads, sent: readonly Row[]): Promise<readonly (Row | undefined)[]> {
  const ids = sent.flatMap(({ id }) => id ?? []);
  const typeIds = new Set(sent.flatMap((row) => (isNew(row) ? (row.typeId ?? []) : [])));
  const [known, types] = await Promise.all([
    ids.length > 0 ? reads.byIds(source, ids) : [],
    typeIds.size > 0 ? reads.types(source, [...typeIds]) : [],
  ]);
  const byId = new Map(known.map((row) => [row.id, row]));
  const typeOf = new Map(types.map((type) => [type.id, type]));
  return inParallel(sent, async (row) => {
    if (!isNew(row)) return byId.get(row.id);
    const type = typeOf.get(row.typeId);
    return reads.byName(source, { typeName: type?.name, typeVersion: type?.version }, row.name ?? '');
  });
}

function isNew({ id, name }: Row): boolean {
  return id === undefined && Boolean(name);
}

/** Whether a stored row has what was sent, as far as the paths of the mask go; absent, all of it counts. */
function holds(stored: Row, sent: Row, mask: readonly string[] | undefined): boolean {
  const counts = (column: string, name?: string) =>
    mask === undefined || mask.includes(column) || mask.includes(`${column}.${name}`);
  const both = [
    ['properties', stored.properties, sent.properties],
    ['custom_properties', stored.customProperties, sent.customProperties],
  ] as const;
  const [one, other] = [attributesOf(stored), attributesOf(sent)];
  return (
    Object.keys(other).every((column) => !counts(column) || !isChanged(one[column], other[column] ?? null)) &&
    both.every(([column, is, was]) =>
      namesOf(is, was).every((name) => !counts(column, name) || isKept(is.get(name), was.get(name))),
    )
  );
}

function namesOf(...values: readonly ReadonlyMap<string, Value>[]): readonly string[] {
  return [...new Set(values.flatMap((each) => [...each.keys()]))];
}

function attributesOf(row: Row): Readonly<Record<string, string | number | undefined>> {
  return {
    external_id: row.externalId,
    uri: 'uri' in row ? row.uri : undefined,
    state: 'state' in row ? row.state : undefined,
    last_known_state: 'lastKnownState' in row ? row.lastKnownState : undefined,
  };
}

function isKept(is: Value | undefined, was: Value | undefined): boolean {
  if (is?.doubleValue === undefined || was?.doubleValue === undefined) return isSameValue(is, was);
  const slack = Math.max(DOUBLE_SLACK.by, Math.abs(was.doubleValue) * DOUBLE_SLACK.part);
  return Math.abs(is.doubleValue - was.doubleValue) <= slack;
}
