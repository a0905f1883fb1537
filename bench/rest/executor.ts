import { OPEN_ACCESS } from '../../src/auth/open-policy.ts';
import { createAuthorize } from '../../src/authorize.ts';
import { createContext } from '../../src/context.ts';
import { createExecutor, createPreparer } from '../../src/execute.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { createLog } from '../../src/observe.ts';
import { createHandler } from '../../src/rest/handler.ts';
import { readRest } from '../../src/rest.ts';
import { createSchema } from '../../src/schema.ts';
import { measure, ownContender } from '../rounds.ts';
import { BASE, operationOf } from './cases.ts';

/** The CPU time of one GET by id without HTTP, in milliseconds: the executor alone, and the route around it. */
export async function measureRoute(
  store: MetadataStore,
): Promise<{ readonly executor: number; readonly route: number }> {
  const schema = createSchema();
  const operation = operationOf('getRegisteredModel');
  const [api] = readRest(schema).filter(({ api: { base } }) => base === BASE);
  if (!api) throw new Error(`there is no API at ${BASE}`);
  const context = () => createContext({ access: OPEN_ACCESS, store, log: createLog('silent'), timeoutMs: 10_000 });
  const execute = createExecutor(schema, createAuthorize(schema));
  const handle = createHandler(api.api.names, [operation], createPreparer(schema, createAuthorize(schema)));
  const id = { registeredmodelId: '1' };
  const { document } = operation;
  const run = () => execute({ key: 'id', document, operationName: undefined, variables: id, context: context() });
  const answer = async () => {
    const { body } = await handle({ path: id, query: new Map(), headers: {} }, context);
    return JSON.stringify(body);
  };
  const [executor, route] = await measure([ownContender('executor', run), ownContender('route', answer)]);
  return { executor: executor?.cpu ?? 0, route: route?.cpu ?? 0 };
}
