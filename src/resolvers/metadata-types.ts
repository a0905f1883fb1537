import type { Context } from '../context.ts';
import { enumName } from '../domain/enum-name.ts';
import { type NodeType, toGlobalId } from '../domain/ids.ts';
import { toTypePage } from '../domain/type-list.ts';
import type { TypeReference } from '../domain/type-reference.ts';
import { whenReady } from '../domain/when-ready.ts';
import type {
  ArtifactTypeResolvers,
  ContextTypeResolvers,
  ExecutionTypeResolvers,
  QueryResolvers,
} from '../generated/graphql.ts';
import {
  ArtifactType_SystemDefinedBaseType as ArtifactBaseType,
  type ArtifactType as ArtifactTypeMessage,
  ExecutionType_SystemDefinedBaseType as ExecutionBaseType,
  type ExecutionType as ExecutionTypeMessage,
  PropertyType,
} from '../generated/proto/ml_metadata/proto/metadata_store.ts';

export const Query = {
  artifactTypes: async (_root, list, { store, budget, call }) =>
    budget.counted(toTypePage((await store.getArtifactTypes({}, call)).artifactTypes, list)),
  executionTypes: async (_root, list, { store, budget, call }) =>
    budget.counted(toTypePage((await store.getExecutionTypes({}, call)).executionTypes, list)),
  contextTypes: async (_root, list, { store, budget, call }) =>
    budget.counted(toTypePage((await store.getContextTypes({}, call)).contextTypes, list)),
} satisfies QueryResolvers;

/** What the fields of all three kinds of types are made of. */
interface TypeMessage {
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly description?: string | undefined;
  readonly externalId?: string | undefined;
  readonly properties: ReadonlyMap<string, PropertyType>;
}

type Load<Message> = (context: Context, id: bigint) => Promise<Message | null>;

/** A field of the type's message, which is read by id where only a node has told of the type. */
function messageField<Message, Result>(load: Load<Message>, read: (message: Message | null) => Result) {
  return (type: TypeReference<Message>, _arguments: object, context: Context): Result | Promise<Result> =>
    whenReady(type.message ?? load(context, type.id), read);
}

/** The fields that artifact, execution and context types have alike. */
function typeFields<Message extends TypeMessage>(kind: NodeType, load: Load<Message>) {
  const nameByMessage = messageField(load, (message) => message?.name ?? '');
  return {
    id: (type: TypeReference<Message>) => toGlobalId(kind, type.id),
    databaseId: (type: TypeReference<Message>) => String(type.id),
    name: (type: TypeReference<Message>, none: object, context: Context) =>
      type.name ?? nameByMessage(type, none, context),
    version: messageField(load, (message) => message?.version ?? null),
    description: messageField(load, (message) => message?.description ?? null),
    // Lists of types come without it.
    externalId: async ({ id }: TypeReference<Message>, _arguments: object, context: Context) =>
      (await load(context, id))?.externalId ?? null,
    properties: messageField(load, (message) => toDeclarations(message?.properties ?? new Map())),
  };
}

function toDeclarations(properties: ReadonlyMap<string, PropertyType>) {
  return [...properties]
    .map(([name, type]) => ({ name, type: enumName(PropertyType, type) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const loadArtifactType: Load<ArtifactTypeMessage> = ({ loaders }, id) => loaders.artifactType.load(id);
const loadExecutionType: Load<ExecutionTypeMessage> = ({ loaders }, id) => loaders.executionType.load(id);

export const ArtifactType = {
  ...typeFields('ArtifactType', loadArtifactType),
  baseType: messageField(loadArtifactType, (message) => baseTypeName(ArtifactBaseType, message?.baseType)),
} satisfies ArtifactTypeResolvers;

export const ExecutionType = {
  ...typeFields('ExecutionType', loadExecutionType),
  baseType: messageField(loadExecutionType, (message) => baseTypeName(ExecutionBaseType, message?.baseType)),
} satisfies ExecutionTypeResolvers;

export const ContextType = {
  ...typeFields('ContextType', ({ loaders }, id) => loaders.contextType.load(id)),
} satisfies ContextTypeResolvers;

function baseTypeName<Name extends string>(
  { UNSET, ...names }: Readonly<Record<Name, number>> & { readonly UNSET: number },
  number: number | undefined,
) {
  return number === undefined || number === UNSET ? null : enumName<Exclude<Name, 'UNSET'>>(names, number);
}
