import { SOURCE_PROPERTIES } from '../domain/lineage/model-source.ts';
import { canBeListed } from '../domain/name-list.ts';
import { quotedText } from '../domain/registry-filter-quote.ts';
import { REGISTRY_KINDS, type RegistryNode } from '../domain/registry-kinds.ts';
import { RegistryError } from '../errors.ts';
import type { Artifact, Event, Event_Type, Execution } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
import { CHUNK, inChunks } from './in-chunks.ts';
import { beginning, idList, listOptions, PAGE, type Place, typeIn } from './list-options.ts';
import type { createNodeLoaders, NodeLoader } from './nodes.ts';

/** Stores that were seen to have the registry's types, which never go away. */
const withRegistry = new WeakSet<MetadataStore>();

const MODEL_ARTIFACT = REGISTRY_KINDS.ModelArtifact.type;

/** Texts in the filter of one list, and characters of a text. All of them, escaped, keep within the bound of filters. */
const TEXTS = 30;
const TEXT_LENGTH = 255;

/** Types of events; all where there is no set. */
type EventTypes = ReadonlySet<Event_Type | undefined> | undefined;

/** A node that a walk comes by. */
export interface WalkedNode {
  readonly id: bigint;
  /** True where an earlier page has it: nothing but its links is asked for. */
  readonly known?: boolean;
}

interface Typed {
  readonly id?: bigint | undefined;
  readonly type?: string | undefined;
}

/** The registry's types. */
const TYPES_OF = Object.groupBy(Object.values(REGISTRY_KINDS), ({ node }) => node);

type Options = ReturnType<typeof listOptions>;

type Listed<Node> = (options: Options) => Promise<{
  readonly nodes: readonly Node[];
  readonly nextPageToken: string | undefined;
}>;

/**
 * Reads for walks of one request. Unlike loaders they remember nothing: a walk asks for each node once, and may pass
 * millions.
 */
export function createWalkReads(store: MetadataStore, call: Call, nodes: ReturnType<typeof createNodeLoaders>) {
  const ofTypes = (types: EventTypes) => ({
    ...call,
    read: { eventPaths: false, ...(types && { eventTypes: [...types].filter((type) => type !== undefined) }) },
  });
  const bare = { ...call, read: { properties: [] } };
  const lists = listsOf(store, call);
  const { artifacts, executions, contexts } = lists;
  let registry: Promise<boolean> | undefined;
  let sources: Promise<boolean> | undefined;

  return {
    walk: {
      /** The events of these artifacts; without paths, and those of other types, where the store can leave them out. */
      eventsOfArtifacts: (ids: readonly bigint[], types?: EventTypes): Promise<readonly Event[]> =>
        inChunks(
          ids,
          CHUNK,
          async (artifactIds) => (await store.getEventsByArtifactIDs({ artifactIds }, ofTypes(types))).events,
        ),
      /** The events of these executions, in the same way. */
      eventsOfExecutions: (ids: readonly bigint[], types?: EventTypes): Promise<readonly Event[]> =>
        inChunks(
          ids,
          CHUNK,
          async (executionIds) => (await store.getEventsByExecutionIDs({ executionIds }, ofTypes(types))).events,
        ),
      /** Those of these artifacts that are of these types, by id, with the properties of these names. */
      artifactsOfTypes: store.partialReads
        ? loadedOfTypes(
            nodes.artifact,
            async (ids) => (await store.getArtifactsById({ artifactIds: ids }, bare)).artifacts,
          )
        : listedOfTypes(artifacts),
      /** Those of these executions that are of these types, in the same way. */
      executionsOfTypes: store.partialReads
        ? loadedOfTypes(
            nodes.execution,
            async (ids) => (await store.getExecutionsById({ executionIds: ids }, bare)).executions,
          )
        : listedOfTypes(executions),
      /** The artifacts that have one of these URIs, to the letter. */
      artifactsByUri: (uris: readonly string[]) =>
        inChunks(
          [...new Set(uris)],
          CHUNK,
          async (chunk) => (await store.getArtifactsByUri({ uris: chunk }, bare)).artifacts,
        ),
      /** The contexts of these types with one of these names or external ids. */
      contextsNamed: (types: readonly string[], names: readonly string[]) =>
        inChunks(listable(store, names), TEXTS, (chunk) => {
          const texts = chunk.map(quotedText).join(', ');
          return listAll(contexts, [...typeIn(types), `(name IN (${texts}) OR external_id IN (${texts}))`]);
        }),
      /** The artifacts of this type that have one of these texts as the value of this declared property. */
      artifactsByText: (type: string, property: string, texts: readonly string[], properties: readonly string[]) =>
        inChunks(listable(store, texts), TEXTS, (chunk) =>
          listAll(artifacts(properties), [
            ...typeIn([type]),
            `properties.${property}.string_value IN (${chunk.map(quotedText).join(', ')})`,
          ]),
        ),
      /** Whether any registered model artifact says where it comes from. */
      hasSources: () => {
        sources ??= Promise.all(
          SOURCE_PROPERTIES.map((property) => hasText(artifacts([]), MODEL_ARTIFACT, property)),
        ).then((found) => found.includes(true));
        return sources;
      },
      /** Whether a row of the registry was written after this time, in milliseconds since the Unix epoch. */
      isRegistryNewerThan: (time: bigint) => isRegistryNewer(lists, time),
      /** Whether the store has the types of the registry. */
      hasRegistry: () => {
        registry ??= hasRegistry(store, call);
        return registry;
      },
    },
  };
}

/** The lists of nodes of each kind, with the properties of these names. */
function listsOf(store: MetadataStore, call: Call) {
  const naming = (properties: readonly string[]) => ({ ...call, read: { properties } });
  return {
    artifacts:
      (properties: readonly string[]): Listed<Artifact> =>
      async (options) => {
        const page = await store.getArtifacts({ options }, naming(properties));
        return { nodes: page.artifacts, nextPageToken: page.nextPageToken };
      },
    executions:
      (properties: readonly string[]): Listed<Execution> =>
      async (options) => {
        const page = await store.getExecutions({ options }, naming(properties));
        return { nodes: page.executions, nextPageToken: page.nextPageToken };
      },
    contexts: async (options: Options) => {
      const page = await store.getContexts({ options }, naming([]));
      return { nodes: page.contexts, nextPageToken: page.nextPageToken };
    },
  };
}

/** Reads those of some nodes that are of some types. */
type OfTypes<Node> = (
  nodes: readonly WalkedNode[],
  types: readonly string[],
  properties: readonly string[],
) => Promise<readonly Node[]>;

/** All that a list has of them: others are not read. */
function listedOfTypes<Node extends Typed>(list: (properties: readonly string[]) => Listed<Node>): OfTypes<Node> {
  return async (nodes, types, properties) => {
    const ids = nodes.map(({ id }) => id);
    const read = (chunk: bigint[]) => listAll(list(properties), [`id IN (${idList(chunk)})`, ...typeIn(types)]);
    return inOrder(await inChunks(ids, CHUNK, read));
  };
}

/** Where a node without its properties costs less than a filter: those that will be shown are remembered for that. */
function loadedOfTypes<Node extends Typed>(
  loader: NodeLoader<Node>,
  read: (ids: bigint[]) => Promise<readonly Node[]>,
): OfTypes<Node> {
  return async (nodes, types, properties) => {
    const passed = nodes.flatMap(({ id, known }) => (known ? [id] : []));
    const [shown, others] = await Promise.all([
      loader.loadAll(nodes.flatMap(({ id, known }) => (known ? [] : [id]))),
      inChunks(passed, CHUNK, read),
    ]);
    const isOne = ({ type = '' }: Node) => types.includes(type);
    const found = [...shown, ...others].flatMap((node) => (node && isOne(node) ? [node] : []));
    return inOrder(await Promise.all(found.map((node) => loader.withProperties(node, properties))));
  };
}

function inOrder<Node extends Typed>(nodes: readonly Node[]): readonly Node[] {
  return nodes.toSorted(({ id: one = 0n }, { id: other = 0n }) => (one < other ? -1 : 1));
}

/**
 * The names that a run may have. What the filters of a foreign store mistake is no id that a pipeline gives, and MLMD's
 * own columns have no room for longer ones.
 */
function listable(store: MetadataStore, names: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => name.length <= TEXT_LENGTH && canBeListed(name, store));
}

/** All rows of a list, page by page. */
async function listAll<Node extends { readonly id?: bigint | undefined }>(
  list: Listed<Node>,
  conditions: readonly string[],
): Promise<readonly Node[]> {
  const rows: Node[] = [];
  let place: Place | undefined = beginning(0n, false);
  while (place) {
    const page = await list(listOptions(conditions, PAGE, place));
    rows.push(...page.nodes);
    const last = page.nodes.at(-1)?.id;
    place = page.nextPageToken && last !== undefined ? { behind: last, newestFirst: false } : undefined;
  }
  return rows;
}

async function isRegistryNewer(
  { artifacts, executions, contexts }: ReturnType<typeof listsOf>,
  time: bigint,
): Promise<boolean> {
  const newer = (node: RegistryNode) => {
    const types = TYPES_OF[node]?.map(({ type }) => type);
    return listOptions([...typeIn(types), `last_update_time_since_epoch > ${time}`], 1, beginning(0n, false));
  };
  const pages = await Promise.all([
    artifacts([])(newer('Artifact')),
    executions([])(newer('Execution')),
    contexts(newer('Context')),
  ]);
  return pages.some(({ nodes }) => nodes.length > 0);
}

async function hasText(list: Listed<Artifact>, type: string, property: string): Promise<boolean> {
  const conditions = [...typeIn([type]), `properties.${property}.string_value != ''`];
  return (await list(listOptions(conditions, 1, beginning(0n, false)))).nodes.length > 0;
}

async function hasRegistry(store: MetadataStore, call: Call): Promise<boolean> {
  if (withRegistry.has(store)) return true;
  try {
    await store.getArtifactType({ typeName: MODEL_ARTIFACT }, call);
    withRegistry.add(store);
    return true;
  } catch (error) {
    if (error instanceof RegistryError && error.code === 'NOT_FOUND') return false;
    throw error;
  }
}
