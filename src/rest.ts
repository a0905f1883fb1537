import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { type GraphQLSchema, Kind } from 'graphql';

import { readFieldRules } from './auth/field-rules.ts';
import { createOperationRules } from './auth/operation-rules.ts';
import { permissionName } from './auth/permission.ts';
import type { Context } from './context.ts';
import { RegistryError } from './errors.ts';
import { type Api, readApis } from './rest/apis.ts';
import { toOpenApi } from './rest/openapi.ts';
import { type RestOperation, toOperations } from './rest/operation.ts';
import { type MountedApi, type RestOptions, serveApi } from './rest/routes.ts';

/** The folders of documents that every gateway serves, each with an API or several. */
const FOLDERS = ['model-registry', 'modelgraph'].map((name) =>
  fileURLToPath(new URL(`../schema/rest/${name}/`, import.meta.url)),
);

/** The APIs of the given folders. INVALID_ARGUMENT, with file and line, for a document that does not fit the schema. */
export function readRest(schema: GraphQLSchema, folders: readonly string[] = FOLDERS): MountedApi[] {
  const needsOf = createOperationRules(schema, readFieldRules(schema));
  const rightsOf = ({ document }: RestOperation) => {
    const [definition] = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
    const { permissions = [], shown = [] } = definition ? needsOf(document, definition, {}) : {};
    return [...shown, ...permissions].map(permissionName);
  };
  return folders
    .flatMap((folder) => readApis(schema, folder))
    .map((api) => {
      const operations = toOperations(api);
      return { api, operations, openapi: JSON.stringify(toOpenApi(api, operations, rightsOf)) };
    });
}

/** Serves REST: our own documents, and those of the user's folder. Gives the APIs. */
export async function mountRest(
  app: FastifyInstance,
  schema: GraphQLSchema,
  folder: string | undefined,
  options: RestOptions<Context>,
): Promise<readonly Api[]> {
  const apis = readRest(schema, folder === undefined ? FOLDERS : [...FOLDERS, folder]);
  const taken = apis.map(({ api }) => api.base).find((base, index, all) => all.indexOf(base) !== index);
  if (taken !== undefined) throw new RegistryError('INVALID_ARGUMENT', `There are two APIs at ${taken}.`);
  for (const api of apis) await serveApi(app, api, options);
  return apis.map(({ api }) => api);
}
