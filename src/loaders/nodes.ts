import type { Artifact, Context, Execution, Value } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
import { createNodeReads, type NodeReads, type ReadNodes } from './node-reads.ts';

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
  /** The same for many, in their order, at the cost of no more than their read. */
  loadAll(ids: readonly bigint[]): Promise<readonly (Node | null)[]>;
  /** The same with all properties. */
  loadAllWhole(ids: readonly bigint[]): Promise<readonly (Node | null)[]>;
  /** Remembers a node that a list brought. */
  prime(node: Node): void;
  /**
   * The node with (at least) the properties of these names, or all. Lists and {@link load} leave them out where the
   * store can: then all nodes of a tick get theirs by one more call.
   */
  withProperties(node: Node, names: readonly string[] | null | undefined): Node | Promise<Node>;
}

/** Loaders of artifacts, executions and contexts for one request. */
export function createNodeLoaders(store: MetadataStore, call: Call) {
  const readArtifacts: ReadNodes<Artifact> = async (ids, options) =>
    (await store.getArtifactsById({ artifactIds: [...ids] }, options)).artifacts;
  const readExecutions: ReadNodes<Execution> = async (ids, options) =>
    (await store.getExecutionsById({ executionIds: [...ids] }, options)).executions;
  const readContexts: ReadNodes<Context> = async (ids, options) =>
    (await store.getContextsById({ contextIds: [...ids] }, options)).contexts;
  return {
    artifact: createNodeLoader(readArtifacts, store.partialReads, call),
    execution: createNodeLoader(readExecutions, store.partialReads, call),
    context: createNodeLoader(readContexts, store.partialReads, call),
  };
}

/** The name of the set of all properties. */
const ALL = 'all';

function createNodeLoader<Node extends PropertyHolder>(
  read: ReadNodes<Node>,
  partial: boolean,
  call: Call,
): NodeLoader<Node> {
  const bare = createNodeReads(read, { ...call, read: { properties: [] } });
  const byText = new Map<string, Full<Node>>();
  // Most names are the same list again and again: its text is made once, and not for each field of each row.
  const byNames = new WeakMap<readonly string[], Full<Node>>();

  /** Where all properties of the nodes are being read anyway, some of them need no read of their own. */
  const readWhole: ReadNodes<Node> = async (ids, named) => {
    const { nodes } = byText.get(ALL) ?? {};
    return nodes && ids.every((id) => nodes.has(id))
      ? Promise.all(ids.flatMap((id) => nodes.get(id) ?? []))
      : read(ids, named);
  };

  function fullOf(names: readonly string[] | null | undefined): Full<Node> {
    const known = names && byNames.get(names);
    if (known) return known;
    const text = names ? JSON.stringify([...names].sort()) : ALL;
    const made = byText.get(text) ?? {
      loader: createNodeReads(names ? readWhole : read, names ? { ...call, read: { properties: names } } : call),
      nodes: new Map<bigint, Node | Promise<Node>>(),
    };
    byText.set(text, made);
    if (names) byNames.set(names, made);
    return made;
  }

  async function loadAllWhole(ids: readonly bigint[]): Promise<readonly (Node | null)[]> {
    const { loader, nodes } = fullOf(null);
    const whole = await loader.loadAll(ids);
    for (const node of whole) {
      if (!node) continue;
      nodes.set(node.id ?? 0n, node);
      bare.prime(node);
    }
    return whole;
  }

  return {
    load: bare.load,
    loadAll: bare.loadAll,
    loadAllWhole: partial ? loadAllWhole : bare.loadAll,
    prime: bare.prime,
    withProperties: (node, names) => (partial ? loadFull(fullOf(names), node) : node),
  };
}

/** Nodes with the properties of some names, as they are there or on their way. */
interface Full<Node> {
  readonly loader: NodeReads<Node>;
  readonly nodes: Map<bigint, Node | Promise<Node>>;
}

/** One promise for all fields of a node, and none when it is there. */
function loadFull<Node extends PropertyHolder>({ loader, nodes }: Full<Node>, node: Node): Node | Promise<Node> {
  const { id = 0n } = node;
  const known = nodes.get(id);
  if (known) return known;
  const loading = loader.load(id).then((loaded) => {
    nodes.set(id, loaded ?? node);
    return loaded ?? node;
  });
  nodes.set(id, loading);
  return loading;
}
