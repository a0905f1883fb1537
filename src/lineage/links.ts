import type { Context } from '../context.ts';
import { type AskedNode, keyOf, type Link, type ReadLinks } from '../domain/lineage/graph.ts';
import { inTurn, isPlain, type Links, readLevel } from './asked.ts';
import { attributionLinks } from './attribution-links.ts';
import { contextLinks } from './context-links.ts';
import { eventLink } from './event-links.ts';
import { fileLinks } from './file-links.ts';
import { servingLinks } from './serving-links.ts';
import { sourceLinks } from './source-links.ts';
import { storedNodes } from './stored-nodes.ts';

/** What a reader of links heeds besides the nodes. */
interface Options {
  /** Whether contexts of any kind are gone through. */
  readonly throughContexts?: boolean;
  /** As of which time, where it is not of now: what is the newest depends on it. */
  readonly asOf?: bigint | undefined;
  /** How many levels may be asked for one after the other, one where it is absent: a store may read that far ahead. */
  readonly levels?: number;
}

/** All that follows from what the registry stores. */
const STITCHES = [fileLinks, sourceLinks, attributionLinks, servingLinks];

/** Reads the links of nodes: events, and all that the registry's rows imply, where the store has such rows. */
export function createLinkReader(
  context: Context,
  { throughContexts = false, asOf, levels = 1 }: Options = {},
): ReadLinks {
  const { walk } = context.loaders;
  const reads = walk.openLevels(levels);
  const stitches = async (asked: readonly AskedNode[]): Links => {
    if (!(await walk.hasRegistry()) || (await isPlain(reads, asked))) return [];
    const level = await readLevel(context, reads, asked, asOf);
    return inTurn(STITCHES.map((read) => () => read(context, level)));
  };
  const derived = async (asked: readonly AskedNode[]): Links => {
    const ofContexts = await contextLinks(context, asked, throughContexts);
    return ofContexts.length === 0 ? stitches(asked) : [...ofContexts, ...(await stitches(asked))];
  };
  return async (asked) => {
    context.budget.walk(asked.length);
    const [events, others] = await Promise.all([reads.events(asked), derived(asked)]);
    return shownLinks(context, asked, [...events.map(eventLink), ...others]);
  };
}

/** Without the links to nodes that the caller may not see, whatever they follow from. */
async function shownLinks(context: Context, asked: readonly AskedNode[], links: readonly Link[]): Links {
  const { access, call } = context;
  if (access.seesAll) return links;
  const known = new Set(asked.map(keyOf));
  const met = new Map(links.flatMap(({ from, to }) => [from, to]).map((ref) => [keyOf(ref), ref]));
  const unknown = [...met.values()].filter((ref) => !known.has(keyOf(ref)));
  const stored = await storedNodes(context, unknown);
  const hidden = new Set(unknown.filter((_ref, index) => !stored[index]).map(keyOf));
  if (hidden.size > 0) call.withheld?.();
  return links.filter(({ from, to }) => !hidden.has(keyOf(from)) && !hidden.has(keyOf(to)));
}
