import type { Command } from 'commander';

import { type ComparedFragment, CompareVersionsDocument } from '../../generated/cli-operations.ts';
import { CliError, notFound } from '../cli-error.ts';
import { examplesText } from '../examples.ts';
import { bareName, findVersion } from '../find-row.ts';
import type { Field, Noun } from '../output/field.ts';
import { showList } from '../output/show.ts';
import { act, type Session } from '../session.ts';

interface Line {
  readonly section: string;
  readonly name: string;
  readonly a: unknown;
  readonly b: unknown;
  readonly differs: boolean;
}

/** `modelgraph versions compare`. */
export function defineCompare(command: Command): void {
  command
    .option('--differences', 'show only what differs')
    .addHelpText(
      'after',
      [
        '',
        'A version is MODEL/NAME; the second may be the NAME alone of one of the same model.',
        examplesText(
          'versions compare bert-base-uncased-sst2/v2 v3',
          'versions compare bert-base-uncased-sst2/v3 distilbert-base-uncased-finetuned-sst-2-english/v3 --differences',
        ),
      ].join('\n'),
    );
  act<{ readonly differences?: boolean }>(command, async (session, [first = '', second = ''], { differences }) => {
    const { a, b } = await readBoth(session, first, second);
    const lines = linesOf(a, b).filter(({ differs }) => differs || !differences);
    await showList(nounFor(titleOf(a), titleOf(b)), lines, session.format);
  });
}

async function readBoth(session: Session, first: string, second: string) {
  const one = await findVersion(session, first);
  const bare = bareName(second, 'version');
  const two = await findVersion(session, bare.includes('/') ? bare : `${one.owner}/${bare}`);
  const { a, b } = await session.ask(CompareVersionsDocument, { a: one.databaseId, b: two.databaseId });
  if (!a || !b) throw notFound(`The version ${a ? second : first} is gone.`);
  for (const [each, text] of [
    [a, first],
    [b, second],
  ] as const) {
    if (each.parameters.pageInfo.hasNextPage || each.metrics.pageInfo.hasNextPage)
      throw new CliError(
        `${text} has more than 100 parameters or metrics, too many to compare here; use \`modelgraph query\`.`,
      );
  }
  return { a, b };
}

/** What the two have, in the order of the first, then what only the second has. */
function linesOf(a: ComparedFragment, b: ComparedFragment): Line[] {
  return [
    ...linesBetween(
      'version',
      ['state', 'author', 'description'].map((name) => [name, field(a, name), field(b, name)]),
    ),
    ...linesBetween('parameter', joined(valuesOf(a.parameters.nodes), valuesOf(b.parameters.nodes))),
    ...linesBetween('metric', joined(valuesOf(a.metrics.nodes), valuesOf(b.metrics.nodes))),
    ...linesBetween('property', joined(toMap(a.customPropertyMap), toMap(b.customPropertyMap))),
  ];
}

function field(version: ComparedFragment, name: string): unknown {
  return new Map<string, unknown>(Object.entries(version)).get(name);
}

type Pair = readonly [name: string, a: unknown, b: unknown];

function linesBetween(section: string, pairs: readonly Pair[]): Line[] {
  return pairs
    .filter(([, a, b]) => (a ?? null) !== null || (b ?? null) !== null)
    .map(([name, a, b]) => ({ section, name, a, b, differs: JSON.stringify(a ?? null) !== JSON.stringify(b ?? null) }));
}

function joined(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): Pair[] {
  return [...new Set([...a.keys(), ...b.keys()])].map((name) => [name, a.get(name), b.get(name)]);
}

/** The values by name. One name may have several values, of several steps: the last one counts. */
function valuesOf(nodes: readonly { readonly name: string | null; readonly value: unknown }[]) {
  return new Map(nodes.map(({ name, value }) => [name ?? '', value]));
}

function toMap(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(typeof value === 'object' && value !== null ? value : {}));
}

function titleOf({ registeredModel, name }: ComparedFragment): string {
  return `${registeredModel?.name ?? ''}/${name}`;
}

function nounFor(a: string, b: string): Noun<Line> {
  const side = (name: 'a' | 'b', heading: string): Field<Line> => ({ name, heading, of: (line) => line[name] });
  return {
    singular: 'difference',
    plural: 'differences',
    ref: ({ section, name }) => `${section}:${name}`,
    fields: [
      { name: 'differs', heading: '', as: 'mark', of: ({ differs }) => differs },
      { name: 'section', heading: 'WHAT', of: ({ section }) => section },
      { name: 'name', heading: 'NAME', as: 'name', of: ({ name }) => name },
      side('a', a),
      side('b', b),
    ],
  };
}
