import type { Command } from 'commander';

import { DiffDocument, type DiffQuery } from '../../generated/cli-operations.ts';
import { examplesText } from '../examples.ts';
import { type GraphNode, nodeName, nodeRef, WITHHELD } from '../lineage-graph.ts';
import { findNode, NODE_HELP } from '../node-reference.ts';
import type { Noun } from '../output/field.ts';
import { showData, showList } from '../output/show.ts';
import { act } from '../session.ts';
import { toChangeCount } from '../walk-flags.ts';

type Diff = DiffQuery['provenanceDiff'];
type Change = Diff['changes'][number];

/** A change of one field, or a change without any. */
interface Line {
  readonly change: Change;
  readonly difference: Change['differences'][number] | undefined;
}

const SIGNS = { ADDED: '+', REMOVED: '-', CHANGED: '~' } as const;

/** A change of a field, or a change that no field tells. */
export const changedField: Noun<Line> = {
  singular: 'difference',
  plural: 'differences',
  ref: ({ change }) => nodeOf(change),
  fields: [
    { name: 'sign', heading: '', as: 'sign', of: ({ change }) => SIGNS[change.change] },
    { name: 'role', heading: 'ROLE', of: ({ change }) => change.role },
    { name: 'cause', heading: 'CAUSE', of: ({ change }) => change.cause },
    { name: 'field', heading: 'FIELD', as: 'path', of: ({ difference }) => difference?.field },
    { name: 'before', heading: 'BEFORE', of: ({ change, difference }) => valueOn(difference?.before, change.before) },
    { name: 'after', heading: 'AFTER', of: ({ change, difference }) => valueOn(difference?.after, change.after) },
    { name: 'node', of: ({ change }) => nodeOf(change) },
    { name: 'depth', of: ({ change }) => change.depth },
  ],
};

/** `modelgraph diff`. */
export function defineDiff(command: Command): void {
  command
    .argument('<a>', 'the node to compare from')
    .argument('<b>', 'the node to compare with, of the same kind')
    .option('--limit <number>', 'how many changes to show at most, up to 1200', toChangeCount, 1000)
    .addHelpText(
      'after',
      [
        NODE_HELP,
        '',
        'What is on one side only is marked + or -, what is on both and differs ~. The cause is OWN where all that a node',
        'was made of is the same: what to look at first.',
        examplesText(
          'diff version:bert-base-uncased-sst2/v2 version:bert-base-uncased-sst2/v3',
          'diff run:sst2-learning-rate/lr-5e-5 run:sst2-learning-rate/lr-2e-5 -o json',
        ),
      ].join('\n'),
    );
  act<{ readonly limit: number }>(command, async (session, [first = '', second = ''], { limit }) => {
    const a = await findNode(session, first);
    const b = await findNode(session, second);
    const { provenanceDiff: diff } = await session.ask(DiffDocument, { a, b, first: limit });
    if (session.format === 'json' || session.format === 'yaml') return await showData(plain(diff), session.format);
    await showList(changedField, diff.changes.flatMap(linesOf), session.format);
    sayRest(diff, limit);
  });
}

function linesOf(change: Change): Line[] {
  if (change.differences.length === 0) return [{ change, difference: undefined }];
  return change.differences.map((difference) => ({ change, difference }));
}

function nodeOf({ before, after }: Change): string {
  const node = after ?? before;
  return node ? nodeRef(node) : '';
}

/** The value of the field, or where no field is told the node itself. */
function valueOn(value: unknown, node: GraphNode | null): unknown {
  return value === undefined ? node && nodeName(node) : value;
}

function sayRest({ added, removed, changed, changes, completeness }: Diff, limit: number): void {
  const total = added + removed + changed;
  if (changes.length < total)
    console.error(`The nearest ${changes.length} of ${total} changes; --limit shows more than ${limit}.`);
  if (completeness.withheld) console.error(WITHHELD);
  if (!completeness.complete)
    console.error(
      'Only the nearest 10000 nodes of each were compared: what lies at the edge may seem added or removed.',
    );
}

/** The diff as scripts get it. */
function plain({ added, removed, changed, changes, completeness }: Diff) {
  const side = (node: GraphNode | null) =>
    node && { node: nodeRef(node), name: nodeName(node), kind: node.kind, id: node.id };
  return {
    added,
    removed,
    changed,
    changes: changes.map((change) => ({ ...change, before: side(change.before), after: side(change.after) })),
    completeness,
  };
}
