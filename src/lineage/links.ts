import type { Context } from '../context.ts';
import type { AskedNode, ReadLinks } from '../domain/lineage/graph.ts';
import { inTurn, type Links, readLevel } from './asked.ts';
import { attributionLinks } from './attribution-links.ts';
import { contextLinks } from './context-links.ts';
import { eventLinks } from './event-links.ts';
import { fileLinks } from './file-links.ts';
import { servingLinks } from './serving-links.ts';
import { sourceLinks } from './source-links.ts';

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
    const derived = inTurn([() => contextLinks(context, asked, throughContexts), () => stitches(context, asked, asOf)]);
    return (await Promise.all([eventLinks(context, asked), derived])).flat();
  };
}

async function stitches(context: Context, asked: readonly AskedNode[], asOf: bigint | undefined): Links {
  if (!(await context.loaders.walk.hasRegistry())) return [];
  const level = await readLevel(context, asked, asOf);
  return inTurn(STITCHES.map((read) => () => read(context, level)));
}
