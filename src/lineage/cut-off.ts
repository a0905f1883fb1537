import type { Link } from '../domain/lineage/graph.ts';
import { createNodeMap, type Visit } from '../domain/lineage/visits.ts';

/** The nodes of a level up to the one at which a page is full. */
export interface Cut {
  /** The last node that the page has. */
  readonly last: Visit;
  /** The nodes that are left for the next page. */
  readonly left: ReadonlySet<Visit>;
  /** The links between others. */
  readonly links: readonly Link[];
}

/**
 * Ends a page within a level: at the first of its nodes whose links, with those of the nodes before it, come to `room`.
 * A link comes with the later one of its ends. Undefined where no node is left.
 */
export function cutOff(visits: readonly Visit[], links: readonly Link[], room: number): Cut | undefined {
  if (links.length < room || visits.length < 2) return undefined;
  const places = createNodeMap<number>();
  for (const [place, visit] of visits.entries()) places.set(visit, place);
  const placeOf = ({ from, to }: Link) => Math.max(places.get(from) ?? -1, places.get(to) ?? -1);
  const end = endOf(links.map(placeOf), visits.length, room);
  const last = visits[end];
  if (!last || end === visits.length - 1) return undefined;
  return { last, left: new Set(visits.slice(end + 1)), links: links.filter((link) => placeOf(link) <= end) };
}

/** The place at which so many links have come; those of no place, which are of nodes before, come first. */
function endOf(places: readonly number[], count: number, room: number): number {
  const perPlace = new Array<number>(count).fill(0);
  for (const place of places) perPlace[Math.max(0, place)] = (perPlace[Math.max(0, place)] ?? 0) + 1;
  let come = 0;
  return perPlace.findIndex((here) => {
    come += here;
    return come >= room;
  });
}
