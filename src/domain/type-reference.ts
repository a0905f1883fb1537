import type { ArtifactType, ContextType, ExecutionType } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

/**
 * A type, by its id. A node's message already has the type's id and name, so that the message of the type itself is
 * read only for those who ask for more.
 */
export interface TypeReference<Message = ArtifactType | ExecutionType | ContextType> {
  readonly id: bigint;
  readonly name: string | undefined;
  readonly message?: Message;
}

export type ArtifactTypeReference = TypeReference<ArtifactType>;
export type ExecutionTypeReference = TypeReference<ExecutionType>;
export type ContextTypeReference = TypeReference<ContextType>;

/** The type of a node, as far as the node's own message tells it. */
export function typeOfNode(node: { readonly typeId?: bigint | undefined; readonly type?: string | undefined }) {
  return { id: node.typeId ?? 0n, name: node.type };
}

/** A type whose message is at hand. */
export function typeOfMessage<Message extends { readonly id?: bigint | undefined; readonly name?: string | undefined }>(
  message: Message,
): TypeReference<Message> {
  return { id: message.id ?? 0n, name: message.name, message };
}
