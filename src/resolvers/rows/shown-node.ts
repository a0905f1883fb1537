import type { GraphQLResolveInfo } from 'graphql';

import type { Context } from '../../context.ts';
import type { NodeType } from '../../domain/ids.ts';
import { shownKindOf } from '../../domain/metric-history.ts';
import { REGISTRY_KINDS, type RegistryKindName } from '../../domain/registry-kinds.ts';
import { typeOfMessage } from '../../domain/type-reference.ts';
import { whenReady } from '../../domain/when-ready.ts';

import { hasFragmentOn } from './fragments.ts';

interface Identified {
  readonly id?: bigint | undefined;
  readonly type?: string | undefined;
}

/** What objects that are shown as some node are to be shown as: their messages do not tell it themselves. */
const shownAs = new WeakMap<object, NodeType | RegistryKindName>();

/** The GraphQL type of an object that {@link shownNode} gave. */
export function shownType(node: object): NodeType | RegistryKindName | undefined {
  return shownAs.get(node);
}

/** The node for a field of an abstract type: MLMD's, or the registry's row where the selection asks for that alone. */
export async function shownNode(
  { type, id }: { readonly type: NodeType; readonly id: bigint },
  context: Context,
  info: GraphQLResolveInfo,
) {
  const found = await LOAD[type](context, id);
  return found && showNode(type, found, context, info);
}

/** The same for a node that was read; a promise only where it takes a read to say what it is. */
export function showNode<Found extends Identified>(
  type: NodeType,
  found: Found,
  context: Context,
  info: GraphQLResolveInfo,
): Found | Promise<Found> {
  // A copy: the same object may be asked for twice in a request, as one type and as the other.
  const node = { ...found };
  return whenReady(asRegistered(type, found, context, info), (kind) => {
    shownAs.set(node, kind ?? type);
    return node;
  });
}

/** The registry's type of a node that is asked for as such, by a fragment, and not as MLMD's node. */
function asRegistered(
  type: NodeType,
  node: Identified,
  { loaders }: Context,
  info: GraphQLResolveInfo,
): RegistryKindName | undefined | Promise<RegistryKindName | undefined> {
  const kind = shownKindOf(node);
  if (!kind || REGISTRY_KINDS[kind].node !== type || hasFragmentOn(type, info) || !hasFragmentOn(kind, info)) {
    return undefined;
  }
  if (type !== 'Context') return kind;
  return loaders.registered.context(kind, node.id ?? 0n).then((isThere) => (isThere ? kind : undefined));
}

const LOAD = {
  Artifact: ({ loaders }, id) => loaders.artifact.load(id),
  Execution: ({ loaders }, id) => loaders.execution.load(id),
  Context: ({ loaders }, id) => loaders.context.load(id),
  ArtifactType: async (context, id) =>
    referTo((await seesTypes(context)) && (await context.loaders.artifactType.load(id))),
  ExecutionType: async (context, id) =>
    referTo((await seesTypes(context)) && (await context.loaders.executionType.load(id))),
  ContextType: async (context, id) =>
    referTo((await seesTypes(context)) && (await context.loaders.contextType.load(id))),
} satisfies Record<NodeType, (context: Context, id: bigint) => Promise<object | null>>;

/** Types are read by all that reads nodes: the guarded store leaves them in. */
async function seesTypes({ access }: Context): Promise<true | null> {
  return (await access.can({ verb: 'get', resource: 'types' })) || null;
}

function referTo<Message extends { id?: bigint | undefined; name?: string | undefined }>(message: Message | null) {
  return message && typeOfMessage(message);
}
