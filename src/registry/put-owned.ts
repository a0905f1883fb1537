import { REGISTRY_KINDS, type RegistryKindName } from '../domain/registry-kinds.ts';
import type { Row } from '../domain/row.ts';
import type { Work } from './change.ts';
import type { Found } from './find-rows.ts';
import { toHistory } from './log-values.ts';
import { NODE_RPCS } from './node-rpcs.ts';

/** Where a new row goes. */
interface Place {
  readonly owner: Found | undefined;
  /** The id of a context of the same name that belongs to nobody, to be taken over. */
  readonly adopted: bigint | undefined;
}

/**
 * Writes a new row with its link to the owner; gives its id. Over a remote store artifacts and executions are one RPC.
 * Contexts are two, and the row is there with the second: whoever makes the link has made the row, ALREADY_EXISTS for
 * everybody else (docs/adr/0020).
 */
export async function putOwned(work: Work, kind: RegistryKindName, row: Row, place: Place): Promise<bigint> {
  const { node } = REGISTRY_KINDS[kind];
  const { owner } = place;
  if (!owner) return NODE_RPCS[node].put(work.rpcs, row, {}, work.call);
  if (node === 'Artifact') return (await putArtifacts(work, await withHistory(work, kind, row, owner), owner))[0] ?? 0n;
  return node === 'Execution' ? putExecution(work, row, owner) : putContext(work, row, owner.id, place.adopted);
}

/** The metric of a run has each of its values as an artifact of its own, too. */
async function withHistory(work: Work, kind: RegistryKindName, row: Row, owner: Found): Promise<readonly Row[]> {
  return kind === 'Metric' && owner.kind === 'ExperimentRun'
    ? [row, ...(await toHistory(work, owner.id, [row]))]
    : [row];
}

/** Writes artifacts, new or not, and makes all of them the owner's: one RPC. */
export async function putArtifacts(
  { rpcs, call }: Work,
  artifacts: readonly Row[],
  owner: Found,
): Promise<readonly bigint[]> {
  const { artifactIds } = await rpcs.putLineageSubgraph(
    {
      artifacts: [...artifacts],
      executions: [],
      contexts: [asReused(owner)],
      eventEdges: [],
      options: { reuseContextIfAlreadyExist: true },
    },
    call,
  );
  return artifactIds;
}

async function putExecution({ rpcs, call }: Work, execution: Row, owner: Found): Promise<bigint> {
  const { executionId = 0n } = await rpcs.putExecution(
    {
      execution,
      artifactEventPairs: [],
      contexts: [asReused(owner)],
      options: { reuseContextIfAlreadyExist: true },
    },
    call,
  );
  return executionId;
}

/** Found by its type and name, and left as it is. */
function asReused({ row: { typeId, name } }: Found) {
  return { typeId, name, properties: new Map(), customProperties: new Map() };
}

async function putContext(work: Work, row: Row, parentId: bigint, adopted: bigint | undefined): Promise<bigint> {
  const { rpcs, call } = work;
  const childId = adopted ?? (await NODE_RPCS.Context.put(rpcs, row, {}, call));
  await rpcs.putParentContexts({ parentContexts: [{ childId, parentId }] }, call);
  if (adopted !== undefined) await NODE_RPCS.Context.put(rpcs, { ...row, id: adopted }, {}, call);
  return childId;
}
