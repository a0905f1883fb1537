import { chunksOf } from '../domain/chunks.ts';
import { canBeListed, nameIn } from '../domain/name-list.ts';
import type { Row } from '../domain/row.ts';
import type { Work } from './change.ts';
import { NODE_RPCS } from './node-rpcs.ts';

/** Names in the filter of one list; a list gives 100 rows at most. */
const CHUNK = 100;

/** The artifacts of this type that have one of these stored names. */
export async function artifactsByName(
  work: Work,
  typeName: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, Row>> {
  const distinct = [...new Set(names)];
  const store = { exactFilters: work.atomic }; // only our own store makes a transaction of a work
  const { plain = [], odd = [] } = Object.groupBy(distinct, (name) => (canBeListed(name, store) ? 'plain' : 'odd'));
  const lists = chunksOf(plain, CHUNK).map((chunk) => listed(work, typeName, chunk));
  const single = odd.map((name) => NODE_RPCS.Artifact.byName(work.rpcs, typeName, name, work.call));
  const rows = [...(await Promise.all(lists)).flat(), ...(await Promise.all(single))];
  return new Map(rows.flatMap((row) => (row?.name === undefined ? [] : [[row.name, row] as const])));
}

async function listed({ rpcs, call }: Work, typeName: string, names: readonly string[]): Promise<readonly Row[]> {
  const options = { filterQuery: nameIn(names), maxResultSize: CHUNK };
  const { artifacts } = await rpcs.getArtifactsByType({ typeName, options }, call);
  return artifacts;
}
