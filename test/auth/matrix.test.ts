import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { permissionName } from '../../src/auth/permission.ts';
import { fillWithDemoData } from '../../src/demo/fill.ts';
import { readRest } from '../../src/rest.ts';
import { createSchema } from '../../src/schema.ts';
import { type Harness, openHarness } from '../harness.ts';
import { type MatrixOperation, nestedOperations, rootOperations, type SampleIds } from './matrix-operations.ts';
import { REGISTRIES } from './matrix-roles.ts';
import { type MatrixRoute, MISSING, routeRequests } from './matrix-routes.ts';
import { allows, as, policyOf } from './roles.ts';

const SCHEMA = createSchema();

describe.each(Object.keys(REGISTRIES))('in the registry %s', (registry) => {
  const roles = REGISTRIES[registry] ?? {};
  let harness: Harness;
  let samples: SampleIds;

  beforeAll(async () => {
    let open = true;
    const policy = policyOf(roles, registry);
    // The samples are read by nobody in particular, before the matrix begins.
    harness = await openHarness({
      fill: fillWithDemoData,
      policy: { ...policy, decide: async (question) => open || (policy.decide?.(question) ?? false) },
    });
    samples = await readSamples(harness);
    open = false;
  });

  afterAll(() => harness[Symbol.asyncDispose]());

  test.each(Object.keys(roles))('%s does through GraphQL what the role says, and nothing else', async (role) => {
    const operations = [...rootOperations(SCHEMA, samples), ...nestedOperations(SCHEMA, samples)];
    expect(operations.length).toBeGreaterThanOrEqual(GRAPHQL_OPERATIONS);
    const wrong: object[] = [];
    for (const operation of operations) {
      const problem = await problemOf(harness, registry, role, operation);
      if (problem) wrong.push({ ...operation, problem });
    }
    expect(wrong).toEqual([]);
  });
  test.each(Object.keys(roles))('%s does through REST what the role says, and nothing else', async (role) => {
    const requests = readRest(SCHEMA).flatMap((api) => routeRequests(api, samples));
    expect(requests.length).toBeGreaterThanOrEqual(ROUTES);
    const wrong: object[] = [];
    for (const request of requests) {
      const problem = await problemOfRoute(harness, registry, role, request);
      if (problem) wrong.push({ ...request, problem });
    }
    expect(wrong).toEqual([]);
  });
});

/** How many operations of GraphQL there are to ask at least; more come with the schema. */
const GRAPHQL_OPERATIONS = 350;

/** How many routes there are at least, each kind of artifact in a body counted. */
const ROUTES = 125;

async function problemOfRoute(
  harness: Harness,
  registry: string,
  role: string,
  { method, url, body, needs, sees }: MatrixRoute,
): Promise<string | undefined> {
  const rights = REGISTRIES[registry]?.[role] ?? [];
  const request = async (path: string) => {
    const answer = await fetch(`${harness.url}${path}`, {
      method,
      headers: { ...as(role), ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, told: `${answer.status} ${withoutDetails(await answer.text()).slice(0, 300)}` };
  };
  const { status, told } = await request(url);
  const lacking = needs.filter((permission) => !allows(rights, permission));
  if (lacking.length > 0) {
    const texts = lacking.map((each) => `You may not ${permissionName(each)} in the registry '${registry}'.`);
    return texts.some((text) => told === `403 ${JSON.stringify({ code: 'Forbidden', message: text })}`)
      ? undefined
      : `should be refused, but: ${told}`;
  }
  if ([401, 403, 500, 503].includes(status)) return `should be answered, but: ${told}`;
  if (method !== 'GET' || url.includes('externalId=')) return undefined; // nothing that is there is asked for
  if (!sees || allows(rights, sees)) return status === 200 ? undefined : `should be shown, but: ${told}`;
  const missing = await request(url.replaceAll(/(?<=[/:])\d+/g, MISSING));
  const plain = (text: string) => text.replaceAll(/(?<=\b)\d+/g, 'ID');
  return plain(told) === plain(missing.told) ? undefined : `should be ${missing.told}, but: ${told}`;
}

/** The body without what only some APIs tell. */
function withoutDetails(body: string): string {
  return body.replace(/,"requestId":"[^"]*","retryable":(true|false)(,"field":"[^"]*")?/, '');
}

async function problemOf(
  harness: Harness,
  registry: string,
  role: string,
  { query, needs, sees, field }: MatrixOperation,
): Promise<string | undefined> {
  const rights = REGISTRIES[registry]?.[role] ?? [];
  const lacking = needs.filter((permission) => !allows(rights, permission));
  const { status, data, errors } = await harness.query(query, {}, as(role));
  const told = JSON.stringify({ status, data, errors });
  const codes = errors?.map(({ extensions }) => extensions['code']) ?? [];
  if (lacking.length > 0) {
    const texts = lacking.map((each) => `You may not ${permissionName(each)} in the registry '${registry}'.`);
    const isRefused = status === 403 && data === undefined && texts.includes(errors?.[0]?.message ?? '');
    return isRefused ? undefined : `should be refused, but: ${told}`;
  }
  if (codes.some((code) => code !== 'BAD_USER_INPUT' && code !== 'NOT_FOUND'))
    return `should be answered, but: ${told}`;
  if (!sees || errors) return undefined;
  const isShown = data?.[field ?? ''] != null;
  return isShown === allows(rights, sees) ? undefined : `should ${isShown ? 'not ' : ''}be shown, but: ${told}`;
}

/** One node of each type: those that have a list of their own. */
async function readSamples(harness: Harness): Promise<SampleIds> {
  const lists = Object.values(SCHEMA.getQueryType()?.getFields() ?? {}).flatMap((field) => {
    const type = /^\[?(\w+)Connection/.exec(field.type.toString())?.[1];
    // The history of metrics is a list of values, of which none is to be had by its id.
    return type && field.name !== 'metricHistory' && !field.args.some(({ type: of }) => of.toString().endsWith('!'))
      ? [[field.name, type] as const]
      : [];
  });
  const samples = new Map<string, { id: string; databaseId: string }>();
  for (const [field, type] of lists) {
    if (type === 'RegistryArtifact' || type === 'AuditLine') continue;
    // Not the contexts of the registry, which go by its nouns.
    const filter = type === 'Context' ? ', filterQuery: "NOT type LIKE \\"kf.%\\""' : '';
    const { data } = await harness.query(`{ ${field}(first: 1${filter}) { nodes { id databaseId } } }`);
    const [node] = data[field].nodes;
    expect(node, type).toBeDefined();
    samples.set(type, node);
  }
  return samples;
}
