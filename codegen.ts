import { existsSync } from 'node:fs';
import type { CodegenConfig } from '@graphql-codegen/cli';

const messages = './proto/ml_metadata/proto/metadata_store.ts';
const mappers = './../domain';
const page = `${mappers}/page.ts`;

/** The nouns of the registry, by the node that each is stored as. */
const KINDS = {
  Context: ['RegisteredModel', 'ModelVersion', 'Experiment', 'ExperimentRun', 'ServingEnvironment', 'InferenceService'],
  Artifact: ['ModelArtifact', 'DocArtifact', 'DataSet', 'Metric', 'Parameter'],
  Execution: ['ServeModel'],
};

/**
 * schema/*.graphql -> src/generated/graphql.ts: the types that resolvers promise to keep; src/X/operations/*.graphql ->
 * src/generated/X-operations.ts: what a client asks, with its types.
 */
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
          AuditLineConnection: `${page}#AuditPage`,
          AuditLineEdge: `${page}#AuditRow`,
          AuditLine: `${mappers}/audit-line.ts#AuditLine`,
          AuditNode: `${mappers}/audit-line.ts#AuditedNode`,
          PageInfo: `${page}#AnyPage`,
          Lineage: './../lineage/lineage.ts#LineagePage',
          Provenance: './../lineage/provenance.ts#Provenance',
          ProvenanceValue: './../lineage/provenance.ts#ProvenanceValue',
          Impact: './../lineage/impact.ts#Impact',
          ImpactItem: './../lineage/impact.ts#ImpactItem',
          LineageEdge: `${mappers}/lineage/graph.ts#ShownLink`,
          LineageNode: `${mappers}/lineage/graph.ts#ShownNode`,
          ProvenanceDiff: './../lineage/diff.ts#ProvenanceDiff',
          ProvenanceChange: `${mappers}/lineage/diff/diff-closures.ts#Change`,
          ProvenanceDifference: `${mappers}/lineage/diff/differences.ts#Difference`,
          LineagePaths: './../lineage/paths-query.ts#LineagePaths',
          LineagePath: './../lineage/paths-query.ts#LineagePath',
          ...registryMappers(),
        },
        scalars: { ID: 'string', Int64: 'bigint', JSON: 'unknown', DateTime: 'bigint' },
        useIndexSignature: true,
      },
    },
    ...operationsOf('client'),
    ...operationsOf('cli'),
  },
};

/** The operations of a folder as typed documents. Integers of 64 bits are texts there, as in JSON. */
function operationsOf(name: string): CodegenConfig['generates'] {
  const folder = `src/${name}/operations`;
  if (!existsSync(folder)) return {};
  return {
    [`src/generated/${name}-operations.ts`]: {
      documents: `${folder}/*.graphql`,
      plugins: ['typescript-operations', './tools/operation-documents.ts'],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        immutableTypes: true,
        skipTypename: true,
        inlineFragmentTypes: 'combine',
        scalars: {
          ID: { input: 'string | number', output: 'string' },
          Int64: { input: 'string | number', output: 'string' },
          JSON: 'unknown',
          DateTime: 'string',
        },
      },
    },
  };
}

/** Each noun of the registry -> the node that it is stored as; its lists -> RegistryPage, RegistryRow of those. */
function registryMappers(): Record<string, string> {
  const lists = (name: string, node: string) => [
    [`${name}Connection`, `${page}#Registered${node}Page`],
    [`${name}Edge`, `${page}#Registered${node}Row`],
  ];
  return Object.fromEntries([
    ...Object.entries(KINDS).flatMap(([node, names]) =>
      names.flatMap((name) => [[name, `${messages}#${node}`], ...lists(name, node)]),
    ),
    ...lists('RegistryArtifact', 'Artifact'),
  ]);
}

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
