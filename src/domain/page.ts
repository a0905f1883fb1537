import { RegistryError } from '../errors.ts';
import type { Artifact, Context, Event, Execution } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { AuditedRow } from './audit-line.ts';
import type { ArtifactTypeReference, ContextTypeReference, ExecutionTypeReference } from './type-reference.ts';

/** The rows of one page of a list. Cursors are made only for those who ask for them. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** The number of rows in the whole list, where it is known. */
  readonly totalCount?: number;
  /** The cursor of the row with this index. */
  cursorAt(index: number): string;
}

/** One row, in its page. */
export interface PageRow<Row> {
  readonly page: Page<Row>;
  readonly index: number;
}

/** A page of rows of the registry; `totalCount` where it is known or asked for. */
export interface RegistryPage<Node> extends Page<Node> {
  /** Counts the whole list; null where that is too much. Absent where the store cannot. */
  readonly count?: () => Promise<number | null>;
  /** What the gateway looked at itself, where it had to. */
  readonly scan?: { readonly scanned: number; readonly complete: boolean; readonly endCursor: string | undefined };
}

export type RegisteredArtifactPage = RegistryPage<Artifact>;
export type RegisteredArtifactRow = PageRow<Artifact>;
export type RegisteredExecutionPage = RegistryPage<Execution>;
export type RegisteredExecutionRow = PageRow<Execution>;
export type RegisteredContextPage = RegistryPage<Context>;
export type RegisteredContextRow = PageRow<Context>;
export type ArtifactPage = Page<Artifact | null>;
export type ArtifactRow = PageRow<Artifact | null>;
export type ExecutionPage = Page<Execution | null>;
export type ExecutionRow = PageRow<Execution | null>;
export type ContextPage = Page<Context | null>;
export type ContextRow = PageRow<Context | null>;
export type ArtifactTypePage = Page<ArtifactTypeReference>;
export type ArtifactTypeRow = PageRow<ArtifactTypeReference>;
export type ExecutionTypePage = Page<ExecutionTypeReference>;
export type ExecutionTypeRow = PageRow<ExecutionTypeReference>;
export type ContextTypePage = Page<ContextTypeReference>;
export type ContextTypeRow = PageRow<ContextTypeReference>;
export type EventPage = Page<Event> & { readonly totalCount: number };
export type EventRow = PageRow<Event>;
/** Lines of the audit log. */
export type AuditPage = Page<AuditedRow>;
export type AuditRow = PageRow<AuditedRow>;
/** Any page, as its page info sees it. */
export type AnyPage = RegistryPage<unknown>;

/** The arguments of every list. */
export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** The order of a list, as it is asked for; input objects have defaults for both. */
export interface OrderArgument<Field extends string> {
  readonly field?: Field | undefined;
  readonly direction?: 'ASC' | 'DESC' | undefined;
}

const DEFAULT_FIRST = 20;
const MAX_FIRST = 100;

/** How many rows a page is to hold. INVALID_ARGUMENT outside of 1 to 100, wherever the number came from. */
export function toPageSize({ first }: PageArguments): number {
  const size = first ?? DEFAULT_FIRST;
  if (size >= 1 && size <= MAX_FIRST) return size;
  throw new RegistryError('INVALID_ARGUMENT', `'first' is ${size}; it has to be from 1 to ${MAX_FIRST}.`, {
    argument: 'first',
  });
}

/** How the rows of a list that is wholly known are placed in it. */
export interface Placing<Row> {
  cursorOf(row: Row): string;
  /** True where the row stands behind the place of the cursor. INVALID_ARGUMENT for a cursor of another list. */
  isBehind(cursor: string): (row: Row) => boolean;
}

/** The page that the arguments ask for, of a list that is wholly known and in order. */
export function pageOf<Row>(
  rows: readonly Row[],
  page: PageArguments,
  placing: Placing<Row>,
): Page<Row> & { readonly totalCount: number } {
  const size = toPageSize(page);
  const rest = page.after == null ? rows : rows.filter(placing.isBehind(page.after));
  const shown = rest.slice(0, size);
  return {
    rows: shown,
    hasNextPage: rest.length > size,
    hasPreviousPage: page.after != null,
    totalCount: rows.length,
    cursorAt: (index) => {
      const row = shown[index];
      return row === undefined ? '' : placing.cursorOf(row);
    },
  };
}

/** The fields of every connection: a page is its own page info. */
export function connectionFields<Row>() {
  return {
    edges: (page: Page<Row>) => page.rows.map((_row, index): PageRow<Row> => ({ page, index })),
    pageInfo: (page: Page<Row>) => page,
  };
}

/** The row that an edge shows. */
export function rowOf<Row>({ page, index }: PageRow<Row>): Row {
  const row = page.rows[index];
  if (row === undefined) throw new RangeError(`A page of ${page.rows.length} rows has no row ${index}.`);
  return row;
}

/** The cursor of an edge. */
export function cursorOf({ page, index }: PageRow<unknown>): string {
  return page.cursorAt(index);
}
