import type { CodegenConfig } from '@graphql-codegen/cli';

const messages = './proto/ml_metadata/proto/metadata_store.ts';
const mappers = './../domain';
const page = `${mappers}/page.ts`;

/** schema/*.graphql -> src/generated/graphql.ts: the types that resolvers promise to keep. */
const config: CodegenConfig = {
  schema: 'schema/*.graphql',
  generates: {
    'src/generated/graphql.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        importExtension: '.ts',
        useTypeImports: true,
        enumsAsTypes: true,
        immutableTypes: true,
        contextType: '../context.ts#Context as RequestContext',
        mapperTypeSuffix: 'Message',
        mappers: {
          Artifact: `${messages}#Artifact`,
          Execution: `${messages}#Execution`,
          Context: `${messages}#Context`,
          ArtifactType: `${mappers}/type-reference.ts#ArtifactTypeReference`,
          ExecutionType: `${mappers}/type-reference.ts#ExecutionTypeReference`,
          ContextType: `${mappers}/type-reference.ts#ContextTypeReference`,
          Event: `${messages}#Event`,
          EventPathStep: `${messages}#Event_Path_Step`,
          Property: `${mappers}/property.ts#NamedValue`,
          ...pageMappers(['Artifact', 'Execution', 'Context', 'ArtifactType', 'ExecutionType', 'ContextType', 'Event']),
          ArtifactEventConnection: `${page}#EventPage`,
          ArtifactEventEdge: `${page}#EventRow`,
          ExecutionEventConnection: `${page}#EventPage`,
          ExecutionEventEdge: `${page}#EventRow`,
          PageInfo: `${page}#AnyPage`,
        },
        scalars: { ID: 'string', Int64: 'bigint', JSON: 'unknown', DateTime: 'bigint' },
        useIndexSignature: true,
      },
    },
  },
};

/** X { XConnection, XEdge } -> XPage, XRow. */
function pageMappers(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => [
      [`${name}Connection`, `${page}#${name}Page`],
      [`${name}Edge`, `${page}#${name}Row`],
    ]),
  );
}

export default config;
