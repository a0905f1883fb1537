import { type Command, Option } from 'commander';

import { type LineageDirection, LineageDocument } from '../../generated/cli-operations.ts';
import { examplesText } from '../examples.ts';
import { type Graph, lineageNode, sayLeftOut, toGraph } from '../lineage-graph.ts';
import type { Way } from '../lineage-tree.ts';

import { findNode, NODE_HELP } from '../node-reference.ts';
import { showData, showList, write } from '../output/show.ts';
import { act } from '../session.ts';
import { toDepth, toNodeCount } from '../walk-flags.ts';
import { type WalkFlags, walkPages } from '../walk-pages.ts';

interface LineageFlags extends WalkFlags {
  readonly up?: boolean;
  readonly down?: boolean;
  readonly both?: boolean;
}

/** `modelgraph lineage`. */
export function defineLineage(command: Command): void {
  command
    .argument('<node>', 'what to start from')
    .addOption(new Option('--up', 'what it was made from').conflicts(['down', 'both']))
    .addOption(new Option('--down', 'what it affects').conflicts(['up', 'both']))
    .addOption(new Option('--both', 'both of these; so it is without any of the three').conflicts(['up', 'down']))
    .option('--depth <number>', 'how many links to go', toDepth)
    .option('--limit <number>', 'how many nodes to read in one answer, up to 10000', toNodeCount, 1000)
    .option('--continue', 'go on until nothing is left out')
    .addHelpText(
      'after',
      [
        NODE_HELP,
        examplesText(
          'lineage model:bert-base-uncased-sst2 --up',
          'lineage version:bert-base-uncased-sst2/v3 --depth 2',
          'lineage artifact:1 --down -o json',
        ),
      ].join('\n'),
    );
  act<LineageFlags>(command, async (session, [text = ''], flags) => {
    const of = await findNode(session, text);
    const direction = directionOf(flags);
    const pages = await walkPages(session, text, flags, async (after) => {
      const { depth: maxDepth, limit: maxNodes } = flags;
      return (await session.ask(LineageDocument, { of, direction, maxDepth, maxNodes, after })).lineage;
    });
    const graph = toGraph(pages);
    if (session.format === 'json' || session.format === 'yaml') return await showData(plain(graph), session.format);
    if (session.format !== 'table') await showList(lineageNode, graph.nodes, session.format);
    else write((await import('../lineage-tree.ts')).lineageTree(graph, waysOf(flags)));
    sayLeftOut(pages);
  });
}

function waysOf({ up, down }: LineageFlags): readonly Way[] {
  if (up) return ['up'];
  return down ? ['down'] : ['up', 'down'];
}

function directionOf({ up, down }: LineageFlags): LineageDirection {
  if (up) return 'UPSTREAM';
  return down ? 'DOWNSTREAM' : 'BIDIRECTIONAL';
}

/** The graph as scripts get it. */
function plain({ nodes, edges, completeness }: Graph) {
  return {
    nodes: nodes.map((node) =>
      Object.fromEntries(lineageNode.fields.map((field) => [field.name, field.of(node) ?? null])),
    ),
    edges: edges.map(({ from, to, kind, derivedFrom }) => ({ from: from.id, to: to.id, kind, derivedFrom })),
    completeness,
  };
}
