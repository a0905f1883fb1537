import type { Context } from '../../context.ts';
import { type NodeType, toGlobalId } from '../../domain/ids.ts';
import { toNamedValues, toPropertyMap } from '../../domain/property.ts';
import type { RegistryNode } from '../../domain/registry-kinds.ts';
import { toTime } from '../../domain/time.ts';
import { whenReady } from '../../domain/when-ready.ts';
import type {
  Artifact as ArtifactMessage,
  Context as ContextMessage,
  Execution as ExecutionMessage,
  Value,
} from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

/** What the fields of all three kinds of nodes are made of. */
export interface NodeFields {
  readonly id?: bigint | undefined;
  readonly createTimeSinceEpoch?: bigint | undefined;
  readonly lastUpdateTimeSinceEpoch?: bigint | undefined;
  readonly properties: ReadonlyMap<string, Value>;
  readonly customProperties: ReadonlyMap<string, Value>;
}

type Names = { readonly names?: readonly string[] | null };

/** Gives a node with the properties of these names, or with all. */
export type WithProperties<Node> = (context: Context, node: Node, names: Names['names']) => Node | Promise<Node>;

/** The fields that artifacts, executions and contexts have alike, as MLMD's nodes and as the registry's rows. */
export function nodeFields<Node extends NodeFields>(
  type: NodeType & RegistryNode,
  withProperties: WithProperties<Node>,
) {
  return {
    id: (node: Node) => toGlobalId(type, node.id),
    databaseId: (node: Node) => String(node.id),
    createTime: (node: Node) => toTime(node.createTimeSinceEpoch),
    lastUpdateTime: (node: Node) => toTime(node.lastUpdateTimeSinceEpoch),
    customProperties: propertyList('customProperties', withProperties),
    customPropertyMap: propertyMap('customProperties', withProperties),
  };
}

/** A field that lists properties. */
export function propertyList<Node extends NodeFields>(
  which: 'properties' | 'customProperties',
  withProperties: WithProperties<Node>,
) {
  return (node: Node, { names }: Names, context: Context) => {
    context.budget.show();
    return whenReady(withProperties(context, node, names), (loaded) => toNamedValues(loaded[which], names));
  };
}

/** A field that shows properties as one JSON object. */
export function propertyMap<Node extends NodeFields>(
  which: 'properties' | 'customProperties',
  withProperties: WithProperties<Node>,
) {
  const list = propertyList(which, withProperties);
  return (node: Node, args: Names, context: Context) => whenReady(list(node, args, context), toPropertyMap);
}

/** Reads the properties of artifacts. */
export const ofArtifact: WithProperties<ArtifactMessage> = ({ loaders }, node, names) =>
  loaders.artifact.withProperties(node, names);

/** Reads the properties of executions. */
export const ofExecution: WithProperties<ExecutionMessage> = ({ loaders }, node, names) =>
  loaders.execution.withProperties(node, names);

/** Reads the properties of contexts. */
export const ofContext: WithProperties<ContextMessage> = ({ loaders }, node, names) =>
  loaders.context.withProperties(node, names);
