import type { Context } from '../context.ts';
import type {
  Artifact,
  Context as ContextMessage,
  Execution,
} from '../generated/proto/ml_metadata/proto/metadata_store.ts';

/** The groups of rows that links are read from. */
interface Members {
  readonly artifactsOfContexts: Artifact;
  readonly executionsOfContexts: Execution;
  readonly childrenOfContexts: ContextMessage;
  readonly contextsOfArtifacts: ContextMessage;
  readonly contextsByInt: ContextMessage;
  readonly executionsByInt: Execution;
}

/** A row of the group of a key. */
export interface Member<Node> {
  readonly key: bigint;
  readonly node: Node;
}

/** What bounds a group. */
interface Bounds {
  readonly types?: readonly string[];
  readonly parentTypes?: readonly string[];
  readonly property?: string;
}

/** Rows of a group that are read together. */
const PAGE = 1_000;

/** Rows of each of more groups than this that are read at first: a call reads so many of 1,000 groups. Few have more. */
const FIRST = 20;

/** All rows of the groups of these keys: one call for 1,000 of them where the store can, and others for long groups. */
export async function membersOf<Of extends keyof Members>(
  { loaders, store }: Context,
  of: Of,
  keys: readonly bigint[],
  bounds: Bounds = {},
): Promise<readonly Member<Members[Of]>[]> {
  const rowsOf = async (key: bigint, afterId: bigint, count: number): Promise<readonly Members[Of][]> => {
    const page = await loaders.walkGroups[of].load({ key, count, afterId, ...bounds });
    const nodes = page.nodes as readonly Members[Of][]; // the loader of this name gives these
    const last = nodes.at(-1)?.id;
    return page.more && last !== undefined ? [...nodes, ...(await rowsOf(key, last, PAGE))] : nodes;
  };
  // A server without reads of groups walks over the rows of all of them in any case, and best once.
  const count = store.groups && keys.length > FIRST ? FIRST : PAGE;
  const all = await Promise.all(keys.map(async (key) => (await rowsOf(key, 0n, count)).map((node) => ({ key, node }))));
  return all.flat();
}
