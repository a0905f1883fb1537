import type { Context } from '../context.ts';
import { type AskedNode, keyOf, type Link, type ReadLinks } from '../domain/lineage/graph.ts';
import { inTurn, type Links, readLevel } from './asked.ts';
import { attributionLinks } from './attribution-links.ts';
import { contextLinks } from './context-links.ts';
import { eventLinks } from './event-links.ts';
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
}

/** All that follows from what the registry stores. */
const STITCHES = [fileLinks, sourceLinks, attributionLinks, servingLinks];

/** Reads the links of nodes: events, and all that the registry's rows imply, where the store has such rows. */
export function createLinkReader(context: Context, { throughContexts = false, asOf }: Options = {}): ReadLinks {
  return async (asked) => {
    context.budget.walk(asked.length);
    const derived = inTurn([() => contextLinks(context, asked, throughContexts), () => stitches(context, asked, asOf)]);
    return shownLinks(context, asked, (await Promise.all([eventLinks(context, asked), derived])).flat());
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

async function stitches(context: Context, asked: readonly AskedNode[], asOf: bigint | undefined): Links {
  if (!(await context.loaders.walk.hasRegistry())) return [];
  const level = await readLevel(context, asked, asOf);
  return inTurn(STITCHES.map((read) => () => read(context, level)));
}
