import type { RegistryRow } from '../domain/registry-fields.ts';
import type { RegistryNode } from '../domain/registry-kinds.ts';
import type {
  Artifact,
  Context,
  Execution,
  ListOperationOptions,
} from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, CountedList, MetadataStore } from '../mlmd/store.ts';

/** Some nodes of a list; the token leads to those behind them, and is empty or undefined where there are none. */
export interface NodeSlice {
  readonly nodes: readonly RegistryRow[];
  readonly nextPageToken?: string | undefined;
}

/** One slice of a list as the Get… RPCs have it: of a type, of a context, or of the whole kind. */
export function readNodes(
  store: MetadataStore,
  { node, typeName, contextId }: Omit<CountedList, 'filterQuery'>,
  options: ListOperationOptions,
  call: Call,
): Promise<NodeSlice> {
  const read = READS[node];
  if (contextId !== undefined) return read.ofContext(store, contextId, options, call);
  if (typeName !== undefined) return read.ofType(store, typeName, options, call);
  return read.all(store, options, call);
}

interface NodeReads {
  all(store: MetadataStore, options: ListOperationOptions, call: Call): Promise<NodeSlice>;
  ofType(store: MetadataStore, typeName: string, options: ListOperationOptions, call: Call): Promise<NodeSlice>;
  ofContext(store: MetadataStore, contextId: bigint, options: ListOperationOptions, call: Call): Promise<NodeSlice>;
}

const READS: Readonly<Record<RegistryNode, NodeReads>> = {
  Artifact: {
    all: async (store, options, call) => ofArtifacts(await store.getArtifacts({ options }, call)),
    ofType: async (store, typeName, options, call) =>
      ofArtifacts(await store.getArtifactsByType({ typeName, options }, call)),
    ofContext: async (store, contextId, options, call) =>
      ofArtifacts(await store.getArtifactsByContext({ contextId, options }, call)),
  },
  Execution: {
    all: async (store, options, call) => ofExecutions(await store.getExecutions({ options }, call)),
    ofType: async (store, typeName, options, call) =>
      ofExecutions(await store.getExecutionsByType({ typeName, options }, call)),
    ofContext: async (store, contextId, options, call) =>
      ofExecutions(await store.getExecutionsByContext({ contextId, options }, call)),
  },
  Context: {
    all: async (store, options, call) => ofContexts(await store.getContexts({ options }, call)),
    ofType: async (store, typeName, options, call) =>
      ofContexts(await store.getContextsByType({ typeName, options }, call)),
    ofContext: () => {
      throw new RangeError('The children of a context are listed by a filter on their parent.');
    },
  },
};

type Tail = Pick<NodeSlice, 'nextPageToken'>;

function ofArtifacts({ artifacts, nextPageToken }: Tail & { readonly artifacts: readonly Artifact[] }): NodeSlice {
  return { nodes: artifacts, nextPageToken };
}

function ofExecutions({ executions, nextPageToken }: Tail & { readonly executions: readonly Execution[] }): NodeSlice {
  return { nodes: executions, nextPageToken };
}

function ofContexts({ contexts, nextPageToken }: Tail & { readonly contexts: readonly Context[] }): NodeSlice {
  return { nodes: contexts, nextPageToken };
}
