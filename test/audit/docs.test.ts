import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { OPEN_POLICY } from '../../src/auth/open-policy.ts';
import { OUTCOMES } from '../../src/domain/audit-line.ts';
import { ERROR_TABLE, type ErrorCode, isRetryable } from '../../src/errors.ts';
import { openStore } from '../../src/mlmd/open.ts';
import { createLog } from '../../src/observe.ts';
import { startGateway } from '../../src/server.ts';
import { type Harness, openHarness } from '../harness.ts';
import { blocksOf, sectionOf } from '../readme.ts';
import { createTaken } from './lines.ts';

const errors = readFileSync('docs/errors.md', 'utf8');
const audit = readFileSync('docs/audit.md', 'utf8');

/** The cells of a page's rows. */
function rowsOf(page: string): readonly (readonly string[])[] {
  return [...page.matchAll(/^\| (`.*) \|$/gm)].map(([, row = '']) => row.split(' | ').map((cell) => cell.trim()));
}

/** The only JSON in a section. */
function exampleIn(page: string, section: string) {
  const [block = ''] = blocksOf(sectionOf(page, section), 'json');
  return JSON.parse(block);
}

test('docs/errors.md has every row of the error table, as it is', () => {
  const merged = new Map<string, (readonly [http: number, grpc: number, again: string])[]>();
  for (const [code, { extension, http, grpc }] of Object.entries(ERROR_TABLE)) {
    const row = [http, grpc, isRetryable(code as ErrorCode) ? 'yes' : 'no'] as const;
    merged.set(extension, [...(merged.get(extension) ?? []), row]);
  }
  const told = rowsOf(errors).map(([code = '', http, grpc, again]) => [
    code.replaceAll('`', ''),
    [Number(http), Number(grpc), again],
  ]);
  // Of several rows of a code, the first is in the columns, the others in words.
  expect(new Map(told as [string, unknown][])).toEqual(new Map([...merged].map(([code, [first]]) => [code, first])));
  expect(told).toHaveLength(merged.size);
});

describe('the examples', () => {
  const taken = createTaken();
  let harness: Harness;

  beforeAll(async () => {
    harness = await openHarness({ audit: taken.audit });
  });

  afterAll(() => harness[Symbol.asyncDispose]());

  const headers = { 'content-type': 'application/json', 'x-request-id': 'example' };

  test('of GraphQL', async () => {
    const body = JSON.stringify({ query: '{ artifacts(after: "x") { nodes { id } } }' });
    const response = await fetch(`${harness.url}/graphql`, { method: 'POST', headers, body });
    const answer = (await response.json()) as Answer;
    const shown = answer.errors.map(({ locations: _place, ...error }) => error);
    expect({ errors: shown, data: answer.data }).toEqual(exampleIn(errors, 'GraphQL'));
  });

  test('of REST, and of the two members of the registry’s API', async () => {
    const response = await fetch(`${harness.url}/api/modelgraph/v1/lineage?of=artifact:1&direction=SIDEWAYS`, {
      headers,
    });
    expect([response.status, await response.json()]).toEqual([400, exampleIn(errors, 'REST')]);
    for (const version of ['v1', 'v1alpha3']) {
      const plain = await fetch(`${harness.url}/api/model_registry/${version}/registered_models/x`, { headers });
      expect(Object.keys((await plain.json()) as object)).toEqual(['code', 'message']);
      expect(plain.headers.get('x-request-id')).toBe('example');
    }
  });

  test('of a line of audit: its members are those of a line, in the order of the table', async () => {
    await harness.query('mutation { createRegisteredModel(input: { name: "m" }) { userErrors { code } } }');
    const example = JSON.parse(blocksOf(audit, 'json')[0] ?? '');
    const names = Object.keys(taken.lines[0] ?? {});
    expect(Object.keys(example).toSorted()).toEqual(names.toSorted());
    const words = rowsOf(audit).map(([name = '']) => name.replaceAll('`', ''));
    expect(words).toEqual([...Object.keys(example), ...OUTCOMES]);
  });

  test('of the query of administrators', async () => {
    const [query = ''] = blocksOf(audit, 'graphql');
    const { data, errors: none } = await harness.query(query, { where: { outcome: 'DONE' } });
    expect(none).toBeUndefined();
    expect(data.auditLog.nodes).toMatchObject([{ action: 'createRegisteredModel', outcome: 'DONE' }]);
  });
});

test('an answer without data has a status for clients that know one, over a store that does not answer', async () => {
  await using stack = new AsyncDisposableStack();
  const silent = createServer().listen(0, '127.0.0.1');
  stack.defer(() => void silent.close());
  await once(silent, 'listening');
  const { store } = await openStore({ mlmd: `127.0.0.1:${(silent.address() as AddressInfo).port}` });
  stack.defer(() => store.close());
  const options = { host: '127.0.0.1', port: 0, loopback: true, policy: OPEN_POLICY, log: createLog('silent') };
  const gateway = await startGateway({ ...options, store, timeoutMs: 200 });
  stack.defer(() => gateway.close());
  const ask = async (query: string, accept: string) => {
    const headers = { 'content-type': 'application/json', accept };
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query }),
    });
    const { data, errors: told } = (await response.json()) as Answer;
    return [response.status, data, told[0]?.extensions['code'], told[0]?.extensions['retryable']];
  };
  const [plain, strict] = ['application/json', 'application/graphql-response+json'];
  const read = '{ artifact(databaseId: "1") { id } }';
  const write = 'mutation { createExperiment(input: { name: "e" }) { userErrors { code } } }';
  expect(await ask(read, plain)).toEqual([200, null, 'DEADLINE_EXCEEDED', true]);
  expect(await ask(read, strict)).toEqual([504, null, 'DEADLINE_EXCEEDED', true]);
  expect(await ask(write, plain)).toEqual([200, null, 'UNKNOWN_OUTCOME', false]);
  expect(await ask(write, strict)).toEqual([504, null, 'UNKNOWN_OUTCOME', false]);
});

interface Answer {
  readonly data: unknown;
  readonly errors: readonly { readonly locations?: unknown; readonly extensions: Readonly<Record<string, unknown>> }[];
}
