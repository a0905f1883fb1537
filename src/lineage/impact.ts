import type { Context } from '../context.ts';
import type { NodeRef } from '../domain/lineage/graph.ts';
import { toKindName } from '../domain/lineage/kind-name.ts';
import { REGISTRY_KINDS, type RegistryKindName } from '../domain/registry-kinds.ts';
import { fitting } from './judges.ts';
import { storedNodes } from './stored-nodes.ts';
import { type Completeness, type WalkArguments, walkPage } from './walk-page.ts';

/** The arguments of GraphQL's `impact`. */
export interface ImpactArguments extends WalkArguments {
  readonly until?: keyof typeof KINDS | null | undefined;
}

/** What depends on something, and over which nodes. */
export interface ImpactItem {
  readonly node: NodeRef;
  readonly depth: number;
  /** From a start node to the node, both included. */
  readonly path: readonly NodeRef[];
}

/** A page of what depends on nodes. */
export interface Impact {
  readonly items: readonly ImpactItem[];
  readonly counts: readonly { readonly kind: string; readonly count: number }[];
  readonly completeness: Completeness;
  readonly missing: readonly string[];
}

const VERSIONS: readonly RegistryKindName[] = ['RegisteredModel', 'ModelVersion'];

/** What is shown, by how far to look. */
const KINDS = {
  VERSION: VERSIONS,
  DEPLOYMENT: [...VERSIONS, 'ServeModel', 'InferenceService', 'ServingEnvironment'],
} as const satisfies Record<string, readonly RegistryKindName[]>;

/** Which models, versions, deployments, services and environments depend on nodes. */
export async function findImpact(context: Context, args: ImpactArguments): Promise<Impact> {
  const until = args.until ?? 'DEPLOYMENT';
  const isWanted = fitting(context, { types: new Set(KINDS[until].map((kind) => REGISTRY_KINDS[kind].type)) });
  const { nodes, completeness, missing, walk } = await walkPage(context, args, {
    up: false,
    down: true,
    question: { impact: until },
    keeps: ({ kind }) => until === 'DEPLOYMENT' || kind !== 'DEPLOYED_AS',
    // What is asked about does not depend on itself.
    shows: async (visits) => (await isWanted(visits)).map((verdict, index) => verdict && !visits[index]?.isStart),
  });
  const items = nodes.map((node) => ({ node, depth: node.depth, path: walk.pathTo(node) }));
  return { items, counts: await countsOf(context, nodes), completeness, missing };
}

async function countsOf(context: Context, nodes: readonly NodeRef[]): Promise<Impact['counts']> {
  const stored = await storedNodes(context, nodes);
  const kinds = Map.groupBy(stored, (node) => toKindName(node?.type));
  return [...kinds].map(([kind, those]) => ({ kind, count: those.length }));
}
