import { expect } from 'vitest';

import { toGlobalId } from '../../src/domain/ids.ts';
import type { Harness } from '../harness.ts';

/** A link as a page shows it. */
export interface Edge {
  readonly from: { readonly id: string };
  readonly to: { readonly id: string };
  readonly kind: string;
  readonly derivedFrom: string;
  readonly event: { readonly type: string } | null;
}

/** A page of a lineage. */
export interface Page {
  readonly nodes: readonly { readonly id: string; readonly kind: string; readonly changedSince: string | null }[];
  readonly edges: readonly Edge[];
  readonly completeness: {
    readonly complete: boolean;
    readonly reason: string | null;
    readonly omittedNodes: number;
    readonly cursor: string | null;
  };
  readonly fidelity: string | null;
  readonly missing: readonly string[];
}

/** Arguments of `lineage`. */
export type Arguments = Readonly<Record<string, unknown>> & { readonly of: readonly string[] };

/** Everything that a page tells. */
export const WHOLE = `nodes { id kind changedSince } fidelity missing completeness { complete reason omittedNodes cursor }
  edges { from { id } to { id } kind derivedFrom event { type } }`;

const TYPES: Readonly<Record<string, string>> = {
  of: '[ID!]!',
  direction: 'LineageDirection',
  maxDepth: 'Int',
  maxNodes: 'Int',
  filter: 'LineageFilter',
  stopAt: 'LineageFilter',
  through: '[LineageThrough!]',
  asOf: 'DateTime',
  after: 'String',
};

/** The whole answer to `lineage` with these arguments, as variables. */
export function send({ query }: Pick<Harness, 'query'>, args: Arguments, selection = WHOLE) {
  const names = Object.keys(args);
  const declared = names.map((name) => `$${name}: ${TYPES[name]}`).join(' ');
  const passed = names.map((name) => `${name}: $${name}`).join(' ');
  return query(`query (${declared}) { lineage(${passed}) { ${selection} } }`, args);
}

/** A page that has to be there. */
export async function ask(harness: Pick<Harness, 'query'>, args: Arguments): Promise<Page> {
  const { data, errors } = await send(harness, args);
  expect(errors).toBeUndefined();
  return data.lineage;
}

/** All pages, each from the cursor of the one before. */
export async function askAll(harness: Pick<Harness, 'query'>, args: Arguments): Promise<readonly Page[]> {
  const pages = [await ask(harness, args)];
  for (let after = pages[0]?.completeness.cursor; after; after = pages.at(-1)?.completeness.cursor) {
    pages.push(await ask(harness, { ...args, after }));
    expect(pages.length).toBeLessThan(500);
  }
  return pages;
}

/** The ids of a page's nodes. */
export function idsOf({ nodes }: Pick<Page, 'nodes'>): readonly string[] {
  return nodes.map(({ id }) => id);
}

/** A link in short: `from>to kind type`, the type of the event where it is one. */
export function brief({ from, to, kind, event }: Edge): string {
  return `${from.id}>${to.id} ${kind} ${event?.type ?? ''}`;
}

/** The global id of an artifact. */
export function artifact(id: bigint | undefined): string {
  return toGlobalId('Artifact', id);
}

/** The global id of an execution. */
export function execution(id: bigint | undefined): string {
  return toGlobalId('Execution', id);
}

/** The global id of a context. */
export function context(id: bigint | undefined): string {
  return toGlobalId('Context', id);
}
