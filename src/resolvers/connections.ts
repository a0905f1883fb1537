import { connectionFields, cursorOf, type Page, rowOf } from '../domain/page.ts';
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
