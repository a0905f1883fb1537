import DataLoader from 'dataloader';

import type { Artifact, Context, Execution, Value } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
import { CHUNK, inChunks } from './in-chunks.ts';

/** A node of any kind, as far as its properties are concerned. */
interface PropertyHolder {
  readonly id?: bigint | undefined;
  readonly properties: ReadonlyMap<string, Value>;
  readonly customProperties: ReadonlyMap<string, Value>;
}

/** Nodes of one kind. */
export interface NodeLoader<Node> {
  /** The node with this id, or null. One Get…ByID for all that are asked for in a tick, in chunks of 1,000. */
  load(id: bigint): Promise<Node | null>;
  /** Remembers a node that a list brought. */
  prime(node: Node): void;
  /**
   * The node with (at least) the properties of these names, or all. Lists and {@link load} leave them out where the
   * store can: then all nodes of a tick get theirs by one more call.
   */
  withProperties(node: Node, names: readonly string[] | null | undefined): Node | Promise<Node>;
}

/** Reads nodes of a kind by their ids. */
type Read<Node> = (ids: readonly bigint[], call: Call) => Promise<readonly Node[]>;

/** Loaders of artifacts, executions and contexts for one request. */
export function createNodeLoaders(store: MetadataStore, call: Call) {
  const readArtifacts: Read<Artifact> = async (ids, options) =>
    (await store.getArtifactsById({ artifactIds: [...ids] }, options)).artifacts;
  const readExecutions: Read<Execution> = async (ids, options) =>
    (await store.getExecutionsById({ executionIds: [...ids] }, options)).executions;
  const readContexts: Read<Context> = async (ids, options) =>
    (await store.getContextsById({ contextIds: [...ids] }, options)).contexts;
  return {
    artifact: createNodeLoader(readArtifacts, store.partialReads, call),
    execution: createNodeLoader(readExecutions, store.partialReads, call),
    context: createNodeLoader(readContexts, store.partialReads, call),
  };
}

function createNodeLoader<Node extends PropertyHolder>(
  read: Read<Node>,
  partial: boolean,
  call: Call,
): NodeLoader<Node> {
  const bare = createLoader(read, { ...call, read: { properties: [] } });
  const full = new Map<string, DataLoader<bigint, Node | null>>();

  function loaderFor(names: readonly string[] | null | undefined): DataLoader<bigint, Node | null> {
    const key = names ? JSON.stringify([...names].sort()) : 'all';
    const known = full.get(key);
    if (known) return known;
    const loader = createLoader(read, names ? { ...call, read: { properties: names } } : call);
    full.set(key, loader);
    return loader;
  }

  return {
    load: (id) => bare.load(id),
    prime: (node) => void bare.prime(node.id ?? 0n, node),
    withProperties: (node, names) =>
      partial
        ? loaderFor(names)
            .load(node.id ?? 0n)
            .then((loaded) => loaded ?? node)
        : node,
  };
}

function createLoader<Node extends PropertyHolder>(read: Read<Node>, call: Call): DataLoader<bigint, Node | null> {
  return new DataLoader<bigint, Node | null>(async (ids) => {
    const nodes = await inChunks(ids, CHUNK, (chunk) => read(chunk, call));
    const byId = new Map(nodes.map((node) => [node.id, node]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}
