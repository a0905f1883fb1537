import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { addressOf, logLines, type Running, start } from './process.ts';

const folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-request-id-'));
let gateway: Running;
let url: string;
beforeAll(async () => {
  gateway = start(['serve', '--port', '0', '--db', join(folder.path, 'x.db')]);
  url = await addressOf(gateway);
});
afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]();
  folder.remove();
});

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

test('each request has an id of its own, in its answer and in its log lines', async () => {
  const [first, second] = await Promise.all([ask(), ask()]);
  expect(first).toMatch(UUID);
  expect(second).toMatch(UUID);
  expect(second).not.toBe(first);
  for (const id of [first, second]) expect(await messagesOf(id)).toEqual(['incoming request', 'request completed']);
});

test('an answer of Apollo with the status 200 tells it as all errors do', async () => {
  const extensions = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };
  const body = JSON.stringify({ query: '{ __typename }', extensions });
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({
    errors: [
      {
        message: 'PersistedQueryNotSupported',
        extensions: {
          code: 'PERSISTED_QUERY_NOT_SUPPORTED',
          retryable: false,
          requestId: response.headers.get('x-request-id'),
        },
      },
    ],
  });
});

test.each(['trace:42.a_B-c', 'x'.repeat(128)])('a sane id of the caller is taken over: %s', async (id) => {
  expect(await ask(id)).toBe(id);
  expect(await messagesOf(id)).toEqual(['incoming request', 'request completed']);
});

test.each([['two words'], ['x'.repeat(500)], ['x'.repeat(129)], ['{"level":60}'], ['caf\u00e9'], ['']])(
  'an insane one is not: %s',
  async (id) => {
    expect(await ask(id)).toMatch(UUID);
    expect(gateway.stderr).not.toContain(`"requestId":${JSON.stringify(id)}`);
  },
);

/** The request id in the answer. */
async function ask(id?: string): Promise<string> {
  const response = await fetch(`${url}/graphql?query={__typename}`, {
    headers: { 'apollo-require-preflight': 'x', ...(id === undefined ? {} : { 'x-request-id': id }) },
  });
  expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  return response.headers.get('x-request-id') ?? '';
}

async function messagesOf(id: string): Promise<readonly unknown[]> {
  await gateway.seen(new RegExp(`"requestId":"${id}".*"request completed"`));
  return logLines(gateway.stderr)
    .filter(({ requestId }) => requestId === id)
    .map(({ msg }) => msg);
}
