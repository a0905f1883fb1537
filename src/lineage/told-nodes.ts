import type { Context } from '../context.ts';
import { keyOf, type NodeRef } from '../domain/lineage/graph.ts';
import { type ArtifactRole, isTraining, roleOfArtifacts } from '../domain/lineage/roles.ts';
import type { Artifact, Execution } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

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
  const [artifacts, executions] = await Promise.all([readArtifacts(context, nodes), readExecutions(context, nodes)]);
  return {
    artifacts,
    byKey: new Map(artifacts.map((each) => [keyOf(each.ref), each])),
    executions: new Map(executions.map(({ key, execution }) => [key, execution])),
    trains: new Set(executions.flatMap(({ key, trains }) => (trains ? [key] : []))),
  };
}

async function readArtifacts({ loaders }: Context, nodes: readonly NodeRef[]): Promise<readonly ToldArtifact[]> {
  const read = nodes
    .filter(({ type }) => type === 'Artifact')
    .map(async (ref) => {
      const bare = await loaders.artifact.load(ref.id);
      if (!bare) return [];
      const [artifact, type] = await Promise.all([
        loaders.artifact.withProperties(bare, null),
        loaders.artifactType.load(bare.typeId ?? 0n),
      ]);
      return [{ ref, artifact, role: roleOfArtifacts({ name: bare.type, baseType: type?.baseType }) }];
    });
  return (await Promise.all(read)).flat();
}

async function readExecutions({ loaders }: Context, nodes: readonly NodeRef[]) {
  const read = nodes
    .filter(({ type }) => type === 'Execution')
    .map(async (ref) => {
      const bare = await loaders.execution.load(ref.id);
      if (!bare) return [];
      const [execution, type] = await Promise.all([
        loaders.execution.withProperties(bare, null),
        loaders.executionType.load(bare.typeId ?? 0n),
      ]);
      return [{ key: keyOf(ref), execution, trains: isTraining({ name: bare.type, baseType: type?.baseType }) }];
    });
  return (await Promise.all(read)).flat();
}
