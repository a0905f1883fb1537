import { RegistryError } from '../../errors.ts';

import { decodeCursor, encodeCursor } from '../cursor.ts';
import { compareNodes, type NodeRef } from './graph.ts';

/** Where a page of a walk ended. */
export interface WalkPlace {
  readonly depth: number;
  /** The last node that was visited, at this depth. */
  readonly node: NodeRef;
  /** The depth from which `maxDepth` counts. */
  readonly base: number;
}

const TYPES = ['Artifact', 'Execution', 'Context'] as const;

/** The cursor of a place in the walk that has this fingerprint; it takes at most 200 characters. */
export function encodeWalkPlace({ depth, node, base }: WalkPlace, walk: string): string {
  const place = [BigInt(depth), BigInt(TYPES.indexOf(node.type)), node.id, BigInt(base), walk] as const;
  return encodeCursor('lineage', place);
}

/** The place in a cursor. INVALID_ARGUMENT where it is none, or one of another walk. */
export function decodeWalkPlace(cursor: string, walk: string): WalkPlace {
  const [depth, type, id, base, of] = decodeCursor('lineage', cursor, [
    'bigint',
    'bigint',
    'bigint',
    'bigint',
    'string',
  ]);
  if (of !== walk) {
    throw new RegistryError(
      'INVALID_ARGUMENT',
      "The cursor in 'after' belongs to a lineage with other arguments; only 'maxNodes' and 'maxDepth' may change.",
      { argument: 'after' },
    );
  }
  return {
    depth: Number(depth),
    node: { type: TYPES[Number(type)] ?? 'Artifact', id: BigInt(id ?? 0n) },
    base: Number(base),
  };
}

/** Whether a node at this depth was visited when a walk had come to the place. */
export function isBehind({ depth, node }: WalkPlace, at: number, other: NodeRef): boolean {
  return at < depth || (at === depth && compareNodes(other, node) <= 0);
}
