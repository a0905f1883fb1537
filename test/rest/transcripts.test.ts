import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { openHarness, STORE_KINDS, type StoreKind } from '../harness.ts';
import { requireReference } from '../reference/require.ts';
import { execute } from '../store-file-rig.ts';
import { ask } from './ask.ts';
import { IDS, seed } from './world.ts';

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: { readonly $ref: string } }>> };
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Component>> };
}

interface Component {
  readonly example?: object;
  readonly oneOf?: readonly { readonly $ref: string }[];
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const document = JSON.parse(readFileSync('docs/api/openapi.json', 'utf8')) as Document;
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
);
type Route = (typeof operations)[number];

describe.each(STORE_KINDS)('each operation with each status of its document, over the %s store', (kind) => {
  test.skipIf(kind === 'remote' && requireReference())('is as its transcript', { timeout: 60_000 }, async () => {
    await using harness = await openHarness({ kind });
    await seed(harness.url);
    await using broken = await openBroken(kind);
    for (const route of operations) {
      const transcript: object[] = [];
      for (const request of requestsOf(route)) {
        const { status, json, headers } = await ask(harness.url, request.method, request.path, request);
        transcript.push({ ...told(request), status, answer: comparable(json) });
        if (status !== 200 || request.method !== 'GET' || request.headers) continue;
        const known = { ...request, headers: { 'if-none-match': headers.get('etag') ?? '' } };
        const again = await ask(harness.url, known.method, known.path, known);
        transcript.push({ ...told({ ...known, headers: { 'if-none-match': 'ETAG' } }), status: again.status });
      }
      const [request = { method: route.method, path: route.path }] = requestsOf(route);
      const { status, json } = await ask(broken.url, request.method, request.path, request);
      transcript.push({ ...told(request), status, answer: comparable(json) });
      const seen = [...new Set(transcript.map((each) => (each as { status: number }).status))].sort();
      const documented = Object.keys(route.responses)
        .map(Number)
        .filter((status) => status <= 500 && !OF_CALLERS.includes(status));
      expect(seen, route.operationId).toEqual(documented);
      const text = `${JSON.stringify(transcript, null, 2)}\n`;
      await expect(text).toMatchFileSnapshot(`transcripts/${route.operationId}.json`);
    }
  });
});

/** Who may not be known, and who asks too much: `test/auth` and `test/abuse` have them of all doors. */
const OF_CALLERS = [401, 429];

/** A gateway over a world whose tables somebody has changed behind the store's back: whatever is asked fails inside. */
async function openBroken(kind: StoreKind) {
  const harness = await openHarness({ kind });
  await seed(harness.url);
  for (const table of ['Artifact', 'Context', 'Execution']) {
    execute(harness.file, `ALTER TABLE ${table} RENAME COLUMN type_id TO gone`);
  }
  return harness;
}

/** A request for each status that the document lists, but 304 and those of failures. */
function requestsOf(route: Route): Request[] {
  const path = withIds(route.path, IDS);
  const { method } = route;
  const request = (more: Partial<Request> = {}): Request => ({ method, path, ...more });
  // Several operations have the same example: each of them registers something of its own.
  const named = (body: object) => ('name' in body ? { ...body, name: `${body.name} by ${route.operationId}` } : body);
  const bodies = bodiesOf(route).map((body) => named(inWorld(body)));
  if (method === 'GET') {
    const isFind = route.operationId.startsWith('find');
    const query = isFind ? findBy(path) : '';
    const wrong = isFind ? path : /\{/.test(route.path) ? withIds(route.path, {}, 'x') : `${path}?pageSize=0`;
    const absent = isFind ? `${path}?externalId=nowhere` : withIds(route.path, {}, '999999');
    return [
      request({ path: `${path}${query}` }),
      request({ path: wrong }),
      ...('404' in route.responses ? [request({ path: absent })] : []),
      request({ headers: { origin: 'https://elsewhere.example' } }),
    ];
  }
  const [body = {}] = bodies;
  const unknown = { ...body, artifactType: 'none', unknown: 1 };
  const absent = withIds(route.path, {}, '999999');
  return [
    ...bodies.map((each) => request({ body: each })),
    request({ body: unknown }),
    request({ body, headers: { origin: 'https://elsewhere.example' } }),
    ...('404' in route.responses ? [request({ path: absent, body: notThere(body) })] : []),
    request({
      body: {
        ...body,
        externalId: 'taken',
        name: undefined,
        ...(method === 'POST' && { name: 'other' }),
        ...conflict(route),
      },
    }),
    ...('412' in route.responses ? [request({ body, headers: { 'if-match': '"1"' } })] : []),
    request({ body: { ...body, description: 'x'.repeat(1024 * 1024) } }),
    ...('422' in route.responses ? [request({ body: {} })] : []),
  ];
}

/** What a find looks for: the external id that the world gave to the resource. */
function findBy(path: string): string {
  return `?externalId=ext-${path.split('/').at(-1)}`;
}

function conflict({ operationId }: Route): object {
  return /Artifact$/.test(operationId) && !/ModelArtifact$/.test(operationId) ? { artifactType: 'model-artifact' } : {};
}

function withIds(path: string, ids: Readonly<Record<string, string>>, other = ''): string {
  return path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => ids[name] ?? other);
}

function notThere(body: object): object {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      /^(registeredModel|experiment)Id$/.test(name) ? '999999' : value,
    ]),
  );
}

function bodiesOf({ requestBody }: Route): object[] {
  const reference = requestBody?.content['application/json']?.schema.$ref;
  if (!reference) return [];
  const component = componentOf(reference);
  const cases = component?.oneOf?.map(({ $ref }) => componentOf($ref)) ?? [component];
  return cases.map((each) => each?.example ?? {});
}

function componentOf(reference: string): Component | undefined {
  return document.components.schemas[reference.split('/').at(-1) ?? ''];
}

/** An example with the ids of the world. */
function inWorld(body: object): object {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, IDS[name] ?? value]));
}

function told({ method, path, headers, body }: Request): object {
  const text = JSON.stringify(body);
  return {
    request: `${method} ${path}`,
    ...(headers && { headers }),
    ...(body !== undefined && { body: text.length > 10_000 ? `${text.length} characters` : body }),
  };
}

/** Without what differs each time and between the stores: times, ids that are new, random names, tokens. */
function comparable(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? '', (key, each: unknown) => {
      if (/^(create|lastUpdate)TimeSinceEpoch$/.test(key)) return 'TIME';
      if (key === 'id') return 'ID';
      if (key === 'name' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(String(each))) return 'UUID';
      if (key === 'message') return String(each).replace(/request [\da-f-]{36}/, 'request ID');
      if (key === 'nextPageToken') return each === '' ? '' : 'TOKEN';
      return each;
    }),
  );
}
