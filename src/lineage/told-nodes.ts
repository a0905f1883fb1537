import type { Context } from '../context.ts';
import { keyOf, type NodeRef } from '../domain/lineage/graph.ts';
import { type ArtifactRole, isTraining, roleOfArtifacts } from '../domain/lineage/roles.ts';
import type { Artifact, Execution } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import { fullNodes } from './stored-nodes.ts';

/** An artifact with its properties, and the part that it has in how a model came to be. */
export interface ToldArtifact {
  readonly ref: NodeRef;
  readonly artifact: Artifact;
  readonly role: ArtifactRole;
}

/** Artifacts and executions with their properties; those that are gone are left out. */
export interface ToldNodes {
  readonly artifacts: readonly ToldArtifact[];
  readonly byKey: ReadonlyMap<string, ToldArtifact>;
  readonly executions: ReadonlyMap<string, Execution>;
  /** The keys of the executions that train. */
  readonly trains: ReadonlySet<string>;
}

/** Reads nodes with their properties and types: a call for each, for all nodes of a kind. */
export async function readTold(context: Context, nodes: readonly NodeRef[]): Promise<ToldNodes> {
  const { loaders } = context;
  const told = nodes.filter(({ type }) => type !== 'Context');
  const whole = await fullNodes(context, told);
  const stored = (type: NodeRef['type']) =>
    told.flatMap((ref, index) => (ref.type === type && whole[index] ? [{ ref, node: whole[index] }] : []));
  const [artifacts, executions] = await Promise.all([
    Promise.all(
      stored('Artifact').map(async ({ ref, node }) => {
        const type = await loaders.artifactType.load(node.typeId ?? 0n);
        return { ref, artifact: node, role: roleOfArtifacts({ name: node.type, baseType: type?.baseType }) };
      }),
    ),
    Promise.all(
      stored('Execution').map(async ({ ref, node }) => {
        const type = await loaders.executionType.load(node.typeId ?? 0n);
        return { key: keyOf(ref), execution: node, trains: isTraining({ name: node.type, baseType: type?.baseType }) };
      }),
    ),
  ]);
  return {
    artifacts,
    byKey: new Map(artifacts.map((each) => [keyOf(each.ref), each])),
    executions: new Map(executions.map(({ key, execution }) => [key, execution])),
    trains: new Set(executions.flatMap(({ key, trains }) => (trains ? [key] : []))),
  };
}
