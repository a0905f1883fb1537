import { SOURCE_PROPERTIES } from '../domain/lineage/model-source.ts';
import { canBeListed } from '../domain/name-list.ts';
import { quotedText } from '../domain/registry-filter-quote.ts';
import { REGISTRY_KINDS, type RegistryNode } from '../domain/registry-kinds.ts';
import { RegistryError } from '../errors.ts';
import type { Artifact, Event } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
import { CHUNK, inChunks } from './in-chunks.ts';
import { type FileNode, type LevelReads, readLevels } from './level-reads.ts';
import { readAhead } from './levels-ahead.ts';
import { beginning, listOptions, typeIn } from './list-options.ts';
import type { createNodeLoaders } from './nodes.ts';
import { createWalkLists, type Listed, listAll, listUpTo, type WalkLists } from './walk-lists.ts';

/** Stores that were seen to have the registry's types, which never go away. */
const withRegistry = new WeakSet<MetadataStore>();

/** Stores that were seen to have more registered files than are worth a list of them. */
const withManyFiles = new WeakSet<MetadataStore>();

/** Registered files that are listed at most. */
const FILES = 1_000;

const MODEL_ARTIFACT = REGISTRY_KINDS.ModelArtifact.type;

/** Texts in the filter of one list, and characters of a text. All of them, escaped, keep within the bound of filters. */
const TEXTS = 30;
const TEXT_LENGTH = 255;

/** The registry's types. */
const TYPES_OF = Object.groupBy(Object.values(REGISTRY_KINDS), ({ node }) => node);

/**
 * Reads for walks of one request. Unlike loaders they remember nothing: a walk asks for each node once, and may pass
 * millions.
 */
export function createWalkReads(store: MetadataStore, call: Call, nodes: ReturnType<typeof createNodeLoaders>) {
  const bareEvents = { ...call, read: { eventPaths: false } };
  const lists = createWalkLists(store, call);
  const { artifacts, contexts } = lists;
  let registry: Promise<boolean> | undefined;
  let sources: Promise<boolean> | undefined;
  let files: Promise<readonly Artifact[] | undefined> | undefined;

  const isRegistry = () => {
    registry ??= hasRegistry(store, call);
    return registry;
  };

  return {
    walk: {
      /**
       * Reads for one walk, level by level, and ahead of it so many levels as it has at most. Only what it has not come to
       * yet is remembered.
       */
      openLevels: (levels: number): LevelReads =>
        store.walks
          ? readAhead(store, store.walks, call, { levels, looks: isRegistry })
          : readLevels(store, call, nodes),
      /** The events of these artifacts, without paths where the store can leave them out. */
      eventsOfArtifacts: (ids: readonly bigint[]): Promise<readonly Event[]> =>
        inChunks(
          ids,
          CHUNK,
          async (artifactIds) => (await store.getEventsByArtifactIDs({ artifactIds }, bareEvents)).events,
        ),
      /** The artifacts that have one of these URIs, to the letter; no more of them than that where the store can. */
      artifactsByUri: async (uris: readonly string[]): Promise<readonly FileNode[]> => {
        const each = [...new Set(uris)];
        if (store.walks) return store.walks.outlinesByUri(each, call);
        return inChunks(each, CHUNK, async (chunk) => (await store.getArtifactsByUri({ uris: chunk }, call)).artifacts);
      },
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
      /** The registered model artifacts that have a URI; undefined where there are more than {@link FILES}. */
      registeredFiles: () => {
        files ??= registeredFiles(store, artifacts([]));
        return files;
      },
      /** Whether a row of the registry was written after this time, in milliseconds since the Unix epoch. */
      isRegistryNewerThan: (time: bigint) => isRegistryNewer(lists, time),
      /** Whether the store has the types of the registry. */
      hasRegistry: isRegistry,
    },
  };
}

/**
 * The names that a run may have. What the filters of a foreign store mistake is no id that a pipeline gives, and MLMD's
 * own columns have no room for longer ones.
 */
function listable(store: MetadataStore, names: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => name.length <= TEXT_LENGTH && canBeListed(name, store));
}

async function isRegistryNewer({ artifacts, executions, contexts }: WalkLists, time: bigint): Promise<boolean> {
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

async function registeredFiles(store: MetadataStore, list: Listed<Artifact>): Promise<readonly Artifact[] | undefined> {
  if (withManyFiles.has(store)) return undefined;
  const files = await listUpTo(FILES, list, [...typeIn([MODEL_ARTIFACT]), "uri != ''"]);
  if (!files) withManyFiles.add(store);
  return files;
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
