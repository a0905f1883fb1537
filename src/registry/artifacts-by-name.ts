import type { Row } from '../domain/row.ts';
import type { Work } from './change.ts';
import { NODE_RPCS } from './node-rpcs.ts';

/** Names in the filter of one list; a list gives 100 rows at most. */
const CHUNK = 100;

/** Names that stand in a filter as they are, on every engine. */
const PLAIN = /^[\w .:/@+-]*$/;

/** The artifacts of this type that have one of these stored names. */
export async function artifactsByName(
  work: Work,
  typeName: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, Row>> {
  const distinct = [...new Set(names)];
  const lists = chunksOf(distinct.filter((name) => PLAIN.test(name))).map((chunk) => listed(work, typeName, chunk));
  const odd = distinct.filter((name) => !PLAIN.test(name));
  const single = odd.map((name) => NODE_RPCS.Artifact.byName(work.rpcs, typeName, name, work.call));
  const rows = [...(await Promise.all(lists)).flat(), ...(await Promise.all(single))];
  return new Map(rows.flatMap((row) => (row?.name === undefined ? [] : [[row.name, row] as const])));
}

function chunksOf(names: readonly string[]): (readonly string[])[] {
  const count = Math.ceil(names.length / CHUNK);
  return Array.from({ length: count }, (_, index) => names.slice(index * CHUNK, (index + 1) * CHUNK));
}

async function listed({ rpcs, call }: Work, typeName: string, names: readonly string[]): Promise<readonly Row[]> {
  const filterQuery = `name IN (${names.map((name) => `'${name}'`).join(', ')})`;
  const { artifacts } = await rpcs.getArtifactsByType(
    { typeName, options: { filterQuery, maxResultSize: CHUNK } },
    call,
  );
  return artifacts;
}
