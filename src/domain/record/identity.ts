import type { Row } from '../row.ts';
import type { Mistakes } from '../user-error.ts';
import { nounOf } from './member.ts';
import type { Described } from './node.ts';

/** The nodes that are there and might be the one described. */
export interface Candidates {
  /** The id of the described type; undefined where there is none yet. */
  readonly typeId: bigint | undefined;
  /** The node that has the external id, of whatever type. */
  readonly byExternalId: Row | undefined;
  /** The node of the type that has the name. */
  readonly byName: Row | undefined;
}

/**
 * The node that is described, where it is there: that of the external id, else that of the type and name. Told where
 * another node has one of them.
 */
export function identify(described: Described, candidates: Candidates, all: Mistakes): Row | undefined {
  const { byExternalId, byName } = candidates;
  const here = all.at(...described.place);
  if (byExternalId && !isSame(described, byExternalId, candidates)) {
    const { type, name } = byExternalId;
    const named = name ? `named '${name}'` : 'without a name';
    const message = `The ${nounOf(described.node)} of the external id is one of the type '${type}' ${named}, which do not change.`;
    here.at('externalId').add('EXTERNAL_ID_TAKEN', message, byExternalId.id);
    return undefined;
  }
  if (byName && !byExternalId && hasAnotherId(described, byName)) {
    const message = `The ${nounOf(described.node)} of this type and name has another external id.`;
    here.at('name').add('NAME_TAKEN', message, byName.id);
    return undefined;
  }
  return byExternalId ?? byName;
}

/** Names do not change, and what has none gets none. */
function isSame({ name }: Described, row: Row, { typeId }: Candidates): boolean {
  return row.typeId === typeId && (name === undefined || row.name === name);
}

function hasAnotherId({ externalId }: Described, row: Row): boolean {
  return externalId !== undefined && !!row.externalId && row.externalId !== externalId;
}
