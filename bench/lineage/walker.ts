import { OPEN_ACCESS } from '../../src/auth/open-policy.ts';
import { createContext } from '../../src/context.ts';
import { toGlobalId } from '../../src/domain/ids.ts';
import type { NodeRef } from '../../src/domain/lineage/graph.ts';
import type { StoredNode } from '../../src/domain/lineage/node-filter.ts';
import { type LineagePage, lineagePage } from '../../src/lineage/lineage.ts';
import { fullNodes } from '../../src/lineage/stored-nodes.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { createLog } from '../../src/observe.ts';
import { keyOf, type PlainLineage, plainLink, plainNode, toPlain } from './plain.ts';

/** A page of a lineage, with all values of its nodes. */
export interface WalkedLineage {
  readonly page: LineagePage;
  readonly nodes: readonly (StoredNode | null)[];
}

const log = createLog('silent');

/** The arguments of the query that all ways answer. */
export function argumentsOf(artifactId: bigint) {
  return { of: [toGlobalId('Artifact', artifactId)], direction: 'UPSTREAM', maxNodes: 10_000 } as const;
}

/** The closure upstream as the gateway finds it, without GraphQL and HTTP. */
export async function walkClosure(store: MetadataStore, artifactId: bigint): Promise<WalkedLineage> {
  const context = createContext({ access: OPEN_ACCESS, store, log, timeoutMs: 60_000 });
  const page = await lineagePage(context, argumentsOf(artifactId));
  return { page, nodes: await fullNodes(context, page.nodes) };
}

/** The closure as it is compared. */
export function plainWalked({ page, nodes }: WalkedLineage): PlainLineage {
  if (!page.completeness.complete) throw new Error(`not complete: ${page.completeness.reason}`);
  const key = ({ type, id }: NodeRef) => keyOf(typeOf(type), id);
  return toPlain(
    page.nodes.flatMap(({ type }, index) => (nodes[index] ? [plainNode(typeOf(type), nodes[index])] : [])),
    page.edges.map(({ from, to }) => plainLink(key(from), key(to))),
  );
}

function typeOf(type: NodeRef['type']): 'Artifact' | 'Execution' {
  if (type === 'Context') throw new Error('there are no contexts in these closures');
  return type;
}
