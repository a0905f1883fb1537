import type { Command } from 'commander';

import { ImpactDocument, type ImpactQuery } from '../../generated/cli-operations.ts';
import { examplesText } from '../examples.ts';
import { nodeName, nodeRef, nodeState, sayLeftOut } from '../lineage-graph.ts';
import { findNode, NODE_HELP } from '../node-reference.ts';
import type { Noun } from '../output/field.ts';
import { showList } from '../output/show.ts';
import { act } from '../session.ts';
import { toDepth, toNodeCount } from '../walk-flags.ts';
import { type WalkFlags, walkPages } from '../walk-pages.ts';

type Item = ImpactQuery['impact']['items'][number];

/** What depends on a node. */
export const dependent: Noun<Item> = {
  singular: 'dependent',
  plural: 'dependents',
  ref: ({ node }) => nodeRef(node),
  fields: [
    { name: 'depth', heading: 'LINKS', as: 'number', of: ({ depth }) => depth },
    { name: 'kind', heading: 'KIND', of: ({ node }) => node.kind },
    { name: 'name', heading: 'NAME', as: 'name', of: ({ node }) => nodeName(node) },
    { name: 'node', heading: 'NODE', of: ({ node }) => nodeRef(node) },
    { name: 'state', of: ({ node }) => nodeState(node) },
    { name: 'path', of: ({ path }) => path.map(nodeRef) },
    { name: 'id', of: ({ node }) => node.id },
    {
      name: 'by',
      heading: 'BY WAY OF',
      as: 'path',
      of: ({ path }) => path.slice(1, -1).map(nodeName).join(' → '),
    },
  ],
};

/** `modelgraph impact`. */
export function defineImpact(command: Command): void {
  command
    .argument('<node>', 'what to ask about')
    .option('--depth <number>', 'how many links to look', toDepth)
    .option('--limit <number>', 'how many rows to read in one answer, up to 10000', toNodeCount, 1000)
    .option('--continue', 'go on until nothing is left out')
    .addHelpText(
      'after',
      [NODE_HELP, examplesText('impact artifact:1', 'impact model:bert-base-uncased-sst2 -o name')].join('\n'),
    );
  act<WalkFlags>(command, async (session, [text = ''], flags) => {
    const of = await findNode(session, text);
    const pages = await walkPages(session, text, flags, async (after) => {
      const { depth: maxDepth, limit: maxNodes } = flags;
      return (await session.ask(ImpactDocument, { of, maxDepth, maxNodes, after })).impact;
    });
    const items = pages.flatMap((page) => page.items);
    await showList(dependent, items, session.format);
    sayLeftOut(pages);
  });
}
