import { SOURCE_PROPERTIES } from '../domain/lineage/model-source.ts';
import { canBeListed } from '../domain/name-list.ts';
import { quotedText } from '../domain/registry-filter-quote.ts';
import { REGISTRY_KINDS } from '../domain/registry-kinds.ts';
import { RegistryError } from '../errors.ts';
import type { Artifact, Event, Execution } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
import { CHUNK, inChunks } from './in-chunks.ts';
import { beginning, idList, listOptions, PAGE, type Place, typeIn } from './list-options.ts';

/** Stores that were seen to have the registry's types, which never go away. */
const withRegistry = new WeakSet<MetadataStore>();

const MODEL_ARTIFACT = REGISTRY_KINDS.ModelArtifact.type;

/** Texts in the filter of one list, and characters of a text. All of them, escaped, keep within the bound of filters. */
const TEXTS = 30;
const TEXT_LENGTH = 255;

type Options = ReturnType<typeof listOptions>;

type Listed<Node> = (options: Options) => Promise<{
  readonly nodes: readonly Node[];
  readonly nextPageToken: string | undefined;
}>;

/**
 * Reads for walks of one request. Unlike loaders they remember nothing: a walk asks for each node once, and may pass
 * millions.
 */
export function createWalkReads(store: MetadataStore, call: Call) {
  const withoutPaths = { ...call, read: { eventPaths: false } };
  const bare = { ...call, read: { properties: [] } };
  const { artifacts, executions, contexts } = listsOf(store, call);
  let registry: Promise<boolean> | undefined;
  let sources: Promise<boolean> | undefined;

  return {
    walk: {
      /** The events of these artifacts, without paths where the store can leave them out. */
      eventsOfArtifacts: (ids: readonly bigint[]): Promise<readonly Event[]> =>
        inChunks(
          ids,
          CHUNK,
          async (chunk) => (await store.getEventsByArtifactIDs({ artifactIds: chunk }, withoutPaths)).events,
        ),
      /** The events of these executions, in the same way. */
      eventsOfExecutions: (ids: readonly bigint[]): Promise<readonly Event[]> =>
        inChunks(
          ids,
          CHUNK,
          async (chunk) => (await store.getEventsByExecutionIDs({ executionIds: chunk }, withoutPaths)).events,
        ),
      /** Those of these artifacts that are of these types, with the properties of these names. */
      artifactsOfTypes: ofTypes(artifacts, store.partialReads, async (artifactIds, properties) => {
        const found = await store.getArtifactsById({ artifactIds }, { ...call, read: { properties } });
        return found.artifacts;
      }),
      /** Those of these executions that are of these types, in the same way. */
      executionsOfTypes: ofTypes(executions, store.partialReads, async (executionIds, properties) => {
        const found = await store.getExecutionsById({ executionIds }, { ...call, read: { properties } });
        return found.executions;
      }),
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

/**
 * Those of nodes that are of some types. A store that reads parts of nodes is asked for all by their ids, in one call for
 * 1,000 of them; any other would send all their properties, and is asked for a list of those few.
 */
function ofTypes<Node extends { readonly id?: bigint | undefined; readonly type?: string | undefined }>(
  listOf: (properties: readonly string[]) => Listed<Node>,
  partial: boolean,
  readById: (ids: bigint[], properties: readonly string[]) => Promise<readonly Node[]>,
) {
  return (ids: readonly bigint[], types: readonly string[], properties: readonly string[]) =>
    inChunks(ids, CHUNK, async (chunk) => {
      if (!partial) return listAll(listOf(properties), [`id IN (${idList(chunk)})`, ...typeIn(types)]);
      return (await readById(chunk, properties)).filter(({ type = '' }) => types.includes(type));
    });
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
