import type { Page, PageRow } from '../domain/page.ts';
import type {
  ArtifactConnectionResolvers,
  ArtifactEdgeResolvers,
  ArtifactTypeConnectionResolvers,
  ArtifactTypeEdgeResolvers,
  ContextConnectionResolvers,
  ContextEdgeResolvers,
  ContextTypeConnectionResolvers,
  ContextTypeEdgeResolvers,
  ExecutionConnectionResolvers,
  ExecutionEdgeResolvers,
  ExecutionTypeConnectionResolvers,
  ExecutionTypeEdgeResolvers,
} from '../generated/graphql.ts';

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

function listConnection<Row>() {
  return { ...connectionFields<Row>(), nodes: (page: Page<Row>) => page.rows };
}

function listEdge<Row>() {
  return { cursor: cursorOf, node: rowOf<Row> };
}

export const ArtifactConnection = listConnection() satisfies ArtifactConnectionResolvers;
export const ArtifactEdge = listEdge() satisfies ArtifactEdgeResolvers;
export const ExecutionConnection = listConnection() satisfies ExecutionConnectionResolvers;
export const ExecutionEdge = listEdge() satisfies ExecutionEdgeResolvers;
export const ContextConnection = listConnection() satisfies ContextConnectionResolvers;
export const ContextEdge = listEdge() satisfies ContextEdgeResolvers;
export const ArtifactTypeConnection = listConnection() satisfies ArtifactTypeConnectionResolvers;
export const ArtifactTypeEdge = listEdge() satisfies ArtifactTypeEdgeResolvers;
export const ExecutionTypeConnection = listConnection() satisfies ExecutionTypeConnectionResolvers;
export const ExecutionTypeEdge = listEdge() satisfies ExecutionTypeEdgeResolvers;
export const ContextTypeConnection = listConnection() satisfies ContextTypeConnectionResolvers;
export const ContextTypeEdge = listEdge() satisfies ContextTypeEdgeResolvers;
