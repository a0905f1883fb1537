import type { Context } from '../context.ts';
import { DESCRIBING } from '../domain/lineage/attributed.ts';
import type { AskedNode, Link } from '../domain/lineage/graph.ts';
import { SOURCE_PROPERTIES } from '../domain/lineage/model-source.ts';
import { REGISTRY_KINDS, type RegistryKindName, type RegistryNode, registryKindOf } from '../domain/registry-kinds.ts';
import type {
  Artifact,
  Context as ContextMessage,
  Execution,
} from '../generated/proto/ml_metadata/proto/metadata_store.ts';

/** What one walk reads of its levels. */
export type LevelReads = ReturnType<Context['loaders']['walk']['openLevels']>;

/** An artifact, as far as links follow from what file it is. */
export type FileNode = Pick<Artifact, 'id' | 'type' | 'uri'>;

/** Reads one sort of links of nodes. */
export type Links = Promise<readonly Link[]>;

/**
 * Reads several sorts of links one after the other. All at once, which nodes are read by one call would depend on which
 * of the calls before is answered first.
 */
export async function inTurn(reads: readonly (() => Links)[]): Links {
  const links: Link[] = [];
  for (const read of reads) for (const link of await read()) links.push(link);
  return links;
}

/** The ids of the nodes of a type that are asked for their links upwards, downwards, or either way. */
export function idsAsked(asked: readonly AskedNode[], type: RegistryNode, way?: 'up' | 'down'): bigint[] {
  return nodesAsked(asked, type, way).map(({ id }) => id);
}

/** The nodes of a type that are asked for their links upwards, downwards, or either way. */
export function nodesAsked(asked: readonly AskedNode[], type: RegistryNode, way?: 'up' | 'down'): readonly AskedNode[] {
  return asked.filter((node) => node.type === type && (way === undefined || node[way]));
}

/** The nodes of a level of a walk, with what several sorts of links are read from. */
export interface Level {
  readonly asked: readonly AskedNode[];
  /** The contexts among them that are there, of the registry's only those that have their owner. */
  readonly contexts: readonly (AskedNode & { readonly context: ContextMessage })[];
  /** The registered artifacts that may have derived links upwards, with what names their source. */
  readonly registeredAbove: readonly Artifact[];
  /** The artifacts that are asked for their links downwards, as far as they were looked at. */
  readonly artifactsBelow: readonly FileNode[];
  /** Others that are, which an earlier page has read: the registered files tell which of them they are. */
  readonly unreadBelow: readonly bigint[];
  /** The deployments, with what names their version. */
  readonly deployments: readonly Execution[];
  /** The time as of which the walk goes, in milliseconds since the Unix epoch. */
  readonly asOf: bigint | undefined;
}

/** Types of artifacts that have links upwards besides events. */
const ABOVE = [REGISTRY_KINDS.ModelArtifact.type, ...DESCRIBING];

/** The property of a deployment that names its version. */
export const VERSION_ID = 'model_version_id';

/** Reads what the links of the registry's rows follow from: a call for each kind of node. */
export async function readLevel(
  context: Context,
  reads: LevelReads,
  asked: readonly AskedNode[],
  asOf: bigint | undefined,
): Promise<Level> {
  const [contexts, registeredAbove, below, deployments] = await Promise.all([
    contextsOf(context, asked).then((all) => registeredOf(context, all, ({ context: one }) => one)),
    reads.artifactsOfTypes(nodesAsked(asked, 'Artifact', 'up'), ABOVE, SOURCE_PROPERTIES),
    artifactsBelow(context, reads, asked),
    reads.executionsOfTypes(nodesAsked(asked, 'Execution'), [REGISTRY_KINDS.ServeModel.type], [VERSION_ID]),
  ]);
  return { asked, contexts, registeredAbove, ...below, deployments, asOf };
}

/** Types of nodes that have links upwards besides events. */
const LINKED: ReadonlySet<string> = new Set([...ABOVE, REGISTRY_KINDS.ServeModel.type]);

/** Whether events are all that these nodes are linked by, as far as that is known before any of them is read. */
export async function isPlain(reads: LevelReads, asked: readonly AskedNode[]): Promise<boolean> {
  if (asked.some(({ type, down }) => down || type === 'Context')) return false;
  return reads.areNone(asked, LINKED);
}

/**
 * Where a store gives a node as a whole or not at all, those of earlier pages are not read again, if the registered files
 * are few enough to be looked through for them.
 */
async function artifactsBelow(
  { access, store, loaders }: Context,
  reads: LevelReads,
  asked: readonly AskedNode[],
): Promise<Pick<Level, 'artifactsBelow' | 'unreadBelow'>> {
  const below = nodesAsked(asked, 'Artifact', 'down');
  const { known = [], own = [] } = Object.groupBy(below, (node) => (node.known ? 'known' : 'own'));
  // To whoever does not see everything, a list of all files would tell that something is withheld from the walk.
  const canLook = access.seesAll && !store.walks;
  const spared = canLook && known.length > 0 && (await loaders.walk.registeredFiles()) !== undefined;
  if (!spared) return { artifactsBelow: await reads.artifacts(below), unreadBelow: [] };
  return { artifactsBelow: await reads.artifacts(own), unreadBelow: known.map(({ id }) => id) };
}

/** The contexts among the nodes, without properties. */
export async function contextsOf({ loaders }: Context, asked: readonly AskedNode[]): Promise<Level['contexts']> {
  const loaded = await Promise.all(
    asked
      .filter(({ type }) => type === 'Context')
      .map(async (node) => ({ ...node, context: await loaders.context.load(node.id) })),
  );
  return loaded.flatMap(({ context, ...node }) => (context ? [{ ...node, context }] : []));
}

/**
 * Those whose context is no row of the registry, or one that has its owner: without that, a create broke off, and
 * nothing is shown of it.
 */
export async function registeredOf<One>(
  { loaders }: Context,
  all: readonly One[],
  contextOf: (one: One) => ContextMessage,
): Promise<readonly One[]> {
  const isThere = await Promise.all(
    all.map(contextOf).map(async (context) => {
      const kind = registryKindOf(context);
      return kind === undefined || (await loaders.registered.context(kind, context.id ?? 0n)) !== null;
    }),
  );
  return all.filter((_one, index) => isThere[index]);
}

/** Those of these ids that are contexts of the registry of this kind, and have their owner. */
export async function idsOfKind(
  { loaders }: Context,
  kind: RegistryKindName,
  ids: readonly bigint[],
): Promise<ReadonlySet<bigint>> {
  const found = await Promise.all(ids.map((id) => loaders.registered.context(kind, id)));
  return new Set(found.flatMap((each) => each?.id ?? []));
}

/** The parents of the type of their owners that contexts of the registry have, which have their owner. */
export async function parentsOfType(
  { loaders }: Context,
  children: readonly ContextMessage[],
  typeOf: (child: ContextMessage) => string | undefined,
): Promise<readonly { readonly child: bigint; readonly parent: bigint }[]> {
  const found = await Promise.all(
    children.map(async (child) => {
      const parents = await loaders.links.parentIds(child);
      const link = (parent: bigint) => ({ child: child.id ?? 0n, parent });
      // It has its owner: one parent alone is that.
      if (parents.length === 1) return parents.map(link);
      const loaded = await Promise.all(parents.map((id) => loaders.context.load(id)));
      return parents.filter((_id, index) => loaded[index]?.type === typeOf(child)).map(link);
    }),
  );
  return found.flat();
}

/** The ids of the contexts of one type that are asked for their links one way. */
export function contextsOfType({ contexts }: Level, type: string, way: 'up' | 'down'): readonly ContextMessage[] {
  return contexts.flatMap((node) => (node.context.type === type && node[way] ? [node.context] : []));
}
