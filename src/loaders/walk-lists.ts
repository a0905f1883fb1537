import type { Artifact, Context, Execution } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
import { beginning, listOptions, PAGE, type Place } from './list-options.ts';

/** A page of a list of nodes. */
export type Listed<Node> = (options: ReturnType<typeof listOptions>) => Promise<{
  readonly nodes: readonly Node[];
  readonly nextPageToken: string | undefined;
}>;

interface Identified {
  readonly id?: bigint | undefined;
}

/** Lists of nodes for walks. */
export type WalkLists = ReturnType<typeof createWalkLists>;

/** The lists of nodes of each kind, with the properties of these names. */
export function createWalkLists(store: MetadataStore, call: Call) {
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
    contexts: (async (options) => {
      const page = await store.getContexts({ options }, naming([]));
      return { nodes: page.contexts, nextPageToken: page.nextPageToken };
    }) satisfies Listed<Context>,
  };
}

/** All rows of a list, page by page. */
export async function listAll<Node extends Identified>(
  list: Listed<Node>,
  conditions: readonly string[],
): Promise<readonly Node[]> {
  return (await listUpTo(Number.POSITIVE_INFINITY, list, conditions)) ?? [];
}

/** The same; undefined where there are more than so many, of which no more are read. */
export async function listUpTo<Node extends Identified>(
  most: number,
  list: Listed<Node>,
  conditions: readonly string[],
): Promise<readonly Node[] | undefined> {
  const rows: Node[] = [];
  let place: Place | undefined = beginning(0n, false);
  while (place) {
    const page = await list(listOptions(conditions, PAGE, place));
    rows.push(...page.nodes);
    const last = page.nodes.at(-1)?.id;
    place = page.nextPageToken && last !== undefined ? { behind: last, newestFirst: false } : undefined;
    if (place && rows.length >= most) return undefined;
  }
  return rows;
}
