import type { Access } from '../auth/access.ts';
import { chunksOf } from '../domain/chunks.ts';
import type { RegistryNode } from '../domain/registry-kinds.ts';
import { RegistryError } from '../errors.ts';
import type { Artifact, Context, Execution } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStoreRpcs } from '../mlmd/store.ts';
import { RESOURCES_OF, resourceOf } from './node-resource.ts';

/** A node, as far as rights are concerned. */
interface Typed {
  readonly type?: string | undefined;
}

/** What the caller of one RPC sees. What it leaves out, it tells `call.withheld`. */
export interface Sight {
  /** The same nodes without those that the caller may not see. */
  artifacts<Node extends Typed>(nodes: readonly Node[]): Node[];
  executions<Node extends Typed>(nodes: readonly Node[]): Node[];
  contexts<Node extends Typed>(nodes: readonly Node[]): Node[];
  /** Those of these ids whose nodes the caller sees; a read of those whose type has to be known. */
  ids(node: RegistryNode, ids: readonly (bigint | undefined)[]): Promise<ReadonlySet<bigint | undefined>>;
  /** The same, where nothing is left out by it. */
  known(node: RegistryNode, ids: readonly (bigint | undefined)[]): Promise<ReadonlySet<bigint | undefined>>;
  readonly withheld: () => void;
}

/** Ids of one read. */
const CHUNK = 1_000;

/** The access of a call. A call without one is a fault of ours. */
export function accessOf({ access }: Call): Access {
  if (!access) throw new RegistryError('INTERNAL', 'A guarded store was called for nobody.');
  return access;
}

/** What the caller of an RPC sees of the store. */
export function createSight(rpcs: MetadataStoreRpcs, call: Call): Sight {
  const { visible } = accessOf(call);
  const withheld = () => call.withheld?.();
  const seesAllOf = (node: RegistryNode) => RESOURCES_OF[node].every((resource) => visible.has(resource));
  const seesNoneOf = (node: RegistryNode) => !RESOURCES_OF[node].some((resource) => visible.has(resource));

  function shownOf(node: RegistryNode) {
    const sees = ({ type }: Typed) => visible.has(resourceOf(node, type));
    return <Node extends Typed>(nodes: readonly Node[]): Node[] => {
      const shown = nodes.filter(sees);
      if (shown.length < nodes.length) withheld();
      return shown;
    };
  }

  async function known(node: RegistryNode, ids: readonly (bigint | undefined)[]) {
    if (seesAllOf(node)) return new Set(ids);
    if (seesNoneOf(node)) return new Set<bigint | undefined>();
    const wanted = [...new Set(ids)].filter((id) => id !== undefined);
    const nodes = await Promise.all(chunksOf(wanted, CHUNK).map((chunk) => READ[node](rpcs, chunk, call)));
    const seen = nodes.flat().filter(({ type }) => visible.has(resourceOf(node, type)));
    return new Set<bigint | undefined>(seen.map(({ id }) => id));
  }

  return {
    artifacts: shownOf('Artifact'),
    executions: shownOf('Execution'),
    contexts: shownOf('Context'),
    known,
    withheld,
    async ids(node, ids) {
      const seen = await known(node, ids);
      if (ids.some((id) => !seen.has(id))) withheld();
      return seen;
    },
  };
}

type ReadBare = (
  rpcs: MetadataStoreRpcs,
  ids: bigint[],
  call: Call,
) => Promise<readonly (Artifact | Execution | Context)[]>;

const bare = (call: Call): Call => ({ ...call, read: { properties: [] } });

const READ: Readonly<Record<RegistryNode, ReadBare>> = {
  Artifact: async (rpcs, artifactIds, call) => (await rpcs.getArtifactsById({ artifactIds }, bare(call))).artifacts,
  Execution: async (rpcs, executionIds, call) =>
    (await rpcs.getExecutionsById({ executionIds }, bare(call))).executions,
  Context: async (rpcs, contextIds, call) => (await rpcs.getContextsById({ contextIds }, bare(call))).contexts,
};
