import { readdirSync, readFileSync } from 'node:fs';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { type GraphQLSchema, isInterfaceType, isObjectType, lexicographicSortSchema, printSchema } from 'graphql';

import { readFieldRules } from './auth/field-rules.ts';
import { permissionName } from './auth/permission.ts';
import type { Context } from './context.ts';
import * as auditLog from './resolvers/audit-log.ts';
import * as base from './resolvers/base.ts';
import * as connections from './resolvers/connections.ts';
import * as experiment from './resolvers/experiment.ts';
import * as lineage from './resolvers/lineage.ts';
import * as lineageDiff from './resolvers/lineage-diff.ts';
import * as lineageGraph from './resolvers/lineage-graph.ts';
import * as lineageImpact from './resolvers/lineage-impact.ts';
import * as lineagePaths from './resolvers/lineage-paths.ts';
import * as lineageProvenance from './resolvers/lineage-provenance.ts';
import * as metadata from './resolvers/metadata.ts';
import * as properties from './resolvers/metadata-properties.ts';
import * as types from './resolvers/metadata-types.ts';
import * as metric from './resolvers/metric.ts';
import * as modelVersion from './resolvers/model-version.ts';
import * as recordExecution from './resolvers/record-execution.ts';
import * as registeredModel from './resolvers/registered-model.ts';
import * as registry from './resolvers/registry.ts';
import * as registryArtifact from './resolvers/registry-artifact.ts';
import * as serving from './resolvers/serving.ts';

/** The folder of the SDL files; each has its resolvers under the same stem. */
const FOLDER = new URL('../schema/', import.meta.url);

/**
 * The one schema: SDL and resolvers together. A resolver without a field, or the other way round, throws, and so does a field
 * without a rule of access.
 */
export function createSchema(): GraphQLSchema {
  const { JSONScalar, ...baseTypes } = base;
  const schema = makeExecutableSchema<Context>({
    typeDefs: sdlFiles().map((file) => readFileSync(new URL(file, FOLDER), 'utf8')),
    resolvers: [
      { ...baseTypes, JSON: JSONScalar },
      ...[connections, lineage, lineageDiff, lineageGraph, lineageImpact, lineagePaths, lineageProvenance],
      ...[auditLog, metadata, properties, types],
      ...[registry, registeredModel, modelVersion, registryArtifact, metric, experiment, serving, recordExecution],
    ],
    resolverValidationOptions: { requireResolversToMatchSchema: 'error', requireResolversForResolveType: 'error' },
  });
  tellRights(schema);
  return schema;
}

/** Adds the right that a field needs to its description, where people look. */
function tellRights(schema: GraphQLSchema): void {
  const rules = readFieldRules(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const rule = rules(type.name, field.name);
      if (rule && rule !== 'each node')
        field.description = `${field.description}\n\nNeeds the right to \`${permissionName(rule)}\`.`;
    }
  }
}

/** The whole schema as one SDL text, as docs/api/schema.graphql has it. */
export function printedSchema(): string {
  return `${printSchema(lexicographicSortSchema(createSchema()))}\n`;
}

/** In the order of their stems, in which readers of the schema meet them. */
function sdlFiles(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => file.slice(0, -'.graphql'.length))
    .sort()
    .map((stem) => `${stem}.graphql`);
}
