import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';

import { type ClientOptions, createClient, type QueryOptions } from '../../src/client/client.ts';
import { ModelGraphError } from '../../src/client/error.ts';
import { answers, type Behaviour, fails, hangsUp, isSilent, startOddServer } from './odd-server.ts';

const QUERY = '{ a }';
const CHANGE = 'mutation { a }';
const DATA = { a: 1 };
const good = answers({ data: DATA });

describe('a query', () => {
  test('gives the data, and sends the token and the variables', async () => {
    await using server = await startOddServer(good);
    const client = createClient({ url: `${server.url}/`, token: async () => 'secret' });
    expect(client.url).toBe(server.url);
    expect(await client.query(QUERY, { b: '2' })).toEqual(DATA);
    expect(server.seen[0]?.headers.authorization).toBe('Bearer secret');
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({ query: QUERY, variables: { b: '2' } });
  });

  test.each<[string, readonly [Behaviour, ...Behaviour[]]]>([
    ['a broken connection', [hangsUp, good]],
    ['a store that is away', [fails('BACKEND_UNAVAILABLE'), good]],
    ['a change of others that came between', [fails('CONTENTION', 503), good]],
    ['a proxy without a gateway', [answers('<html>', 502), good]],
    ['three failures', [hangsUp, answers('', 504), fails('RATE_LIMITED', 429), good]],
  ])('is tried again after %s', async (_, behaviours) => {
    await using server = await startOddServer(...behaviours);
    expect(await createClient({ url: server.url }).query(QUERY, {})).toEqual(DATA);
    expect(server.seen).toHaveLength(behaviours.length);
  });

  test('is tried four times at most, or as often as is said', async () => {
    await using server = await startOddServer(fails('BACKEND_UNAVAILABLE'));
    await expect(createClient({ url: server.url }).query(QUERY, {})).rejects.toThrow('It is BACKEND_UNAVAILABLE.');
    expect(server.seen).toHaveLength(4);
    await expect(createClient({ url: server.url, retries: 0 }).query(QUERY, {})).rejects.toThrow();
    expect(server.seen).toHaveLength(5);
  });

  test('waits as long as the gateway asks for', async () => {
    await using server = await startOddServer(fails('RATE_LIMITED', 429, { 'retry-after': '1' }), good);
    const start = performance.now();
    await createClient({ url: server.url }).query(QUERY, {});
    expect(performance.now() - start).toBeGreaterThan(990);
  });

  test('is not tried again where the wait would outlast its time', async () => {
    await using server = await startOddServer(fails('RATE_LIMITED', 429, { 'retry-after': '60' }), good);
    const start = performance.now();
    const error = await failureOf(server.url, QUERY, { timeoutMs: 5_000 });
    expect([error.code, error.retryable]).toEqual(['RATE_LIMITED', true]);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test.each(['GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'READ_ONLY', 'FORBIDDEN', 'UNAUTHENTICATED'])(
    'is not tried again after %s',
    async (code) => {
      await using server = await startOddServer(fails(code), good);
      const { requestId, errors, ...error } = await failureOf(server.url);
      expect([error.code, error.retryable, requestId, server.seen.length]).toEqual([code, false, 'odd-1', 1]);
      expect(errors).toEqual([{ message: `It is ${code}.`, path: ['a', 0], extensions: { code } }]);
    },
  );
});

describe('a change', () => {
  test.each([hangsUp, fails('BACKEND_UNAVAILABLE'), fails('RATE_LIMITED', 429)])(
    'that may have been made is not repeated: %#',
    async (behaviour) => {
      await using server = await startOddServer(behaviour, good);
      expect((await failureOf(server.url, CHANGE)).retryable).toBe(true);
      expect(server.seen).toHaveLength(1);
    },
  );

  test('that does no harm when repeated is tried again', async () => {
    await using server = await startOddServer(hangsUp, good);
    expect(await createClient({ url: server.url }).query(CHANGE, {}, { idempotent: true })).toEqual(DATA);
  });

  test.each(['127.0.0.1', 'localhost'])(
    'is tried again where nobody listened, so it was surely not made: %s',
    async (host) => {
      const server = await startOddServer(good);
      await server[Symbol.asyncDispose]();
      let tries = 0;
      const counting: ClientOptions['fetch'] = (...args) => {
        tries += 1;
        return fetch(...args);
      };
      await expect(
        createClient({ url: server.url.replace('127.0.0.1', host), fetch: counting }).query(CHANGE, {}),
      ).rejects.toMatchObject({
        code: 'UNREACHABLE',
      });
      expect(tries).toBe(4);
    },
  );
});

describe('the end of a query', () => {
  test('comes in time, over all tries', async () => {
    await using server = await startOddServer(hangsUp, hangsUp, isSilent);
    const start = performance.now();
    const error = await failureOf(server.url, QUERY, { timeoutMs: 1_000 });
    expect([error.code, error.retryable, server.seen.length]).toEqual(['TIMEOUT', true, 3]);
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  test.each([isSilent, fails('RATE_LIMITED', 429, { 'retry-after': '20' })])(
    'comes with the caller’s signal, also between tries: %#',
    async (behaviour) => {
      await using server = await startOddServer(behaviour);
      const controller = new AbortController();
      setTimeout(() => controller.abort('enough'), 200);
      const error = await failureOf(server.url, QUERY, { signal: controller.signal });
      expect([error.code, error.retryable, error.cause]).toEqual(['ABORTED', false, 'enough']);
      expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    },
  );

  test('leaves no listener at the caller’s signal', async () => {
    await using server = await startOddServer(good);
    const { signal } = new AbortController();
    await createClient({ url: server.url }).query(QUERY, {}, { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('comes before anything is sent where the signal was aborted already', async () => {
    await using server = await startOddServer(good);
    expect((await failureOf(server.url, QUERY, { signal: AbortSignal.abort() })).code).toBe('ABORTED');
    expect(server.seen).toHaveLength(0);
  });

  test('comes while a token is waited for', async () => {
    const client = createClient({ url: 'http://127.0.0.1:9', token: () => new Promise(() => {}), timeoutMs: 100 });
    await expect(client.query(QUERY, {})).rejects.toMatchObject({ code: 'TIMEOUT' });
  });
});

describe('what is not an answer of ModelGraph', () => {
  test.each<[string, Behaviour, string]>([
    ['another page', answers('<html>'), 'PROTOCOL'],
    ['JSON of another kind', answers([1]), 'PROTOCOL'],
    ['no data', answers({ data: null }), 'PROTOCOL'],
    ['nothing there', answers('', 404), 'PROTOCOL'],
    ['a redirect', answers('', 301, { location: 'http://127.0.0.1:9/' }), 'PROTOCOL'],
    ['a proxy that wants a login', answers('', 401), 'UNAUTHENTICATED'],
    ['a proxy that refuses', answers('', 403), 'FORBIDDEN'],
  ])('is told as such: %s', async (_, behaviour, code) => {
    await using server = await startOddServer(behaviour, good);
    const error = await failureOf(server.url);
    expect([error.code, error.requestId]).toEqual([code, 'odd-1']);
    expect(error.message).toContain(server.url);
  });
});

describe('a token', () => {
  const secret = 'top-secret';

  test.each<[string, Behaviour]>([
    ['an answer', fails('FORBIDDEN')],
    ['no answer', hangsUp],
    ['an odd answer', answers('')],
  ])('is in no error: %s', async (_, behaviour) => {
    await using server = await startOddServer(behaviour);
    const client = createClient({ url: server.url, token: secret, retries: 0 });
    expect(inspect(client, { depth: 9, showHidden: true })).not.toContain(secret);
    const error = await client.query(QUERY, {}).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(ModelGraphError);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
  });

  test.each([`${secret}\n`, `${secret} x`, 'gehe\u00efm', ''])(
    'that no header can hold is refused unread: %j',
    async (token) => {
      const error = await createClient({ url: 'http://127.0.0.1:9', token })
        .query(QUERY, {})
        .catch((failure: unknown) => failure);
      expect(error).toMatchObject({ code: 'BAD_OPTIONS' });
      expect(inspect(error, { depth: 9 })).not.toContain(secret);
    },
  );

  test('that cannot be had is no token', async () => {
    const client = createClient({ url: 'http://127.0.0.1:9', token: () => Promise.reject(new Error('locked')) });
    await expect(client.query(QUERY, {})).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      cause: new Error('locked'),
    });
  });
});

test.each([
  { url: 'localhost:4000' },
  { url: 'http://localhost:4000/graphql' },
  { url: 'http://ada:top-secret@localhost:4000' },
  { url: 'ftp://localhost' },
  { url: '' },
  { url: 'http://localhost', retries: -1 },
  { url: 'http://localhost', timeoutMs: 0 },
])('options that are not right are refused at once: %j', (options) => {
  const make = () => createClient(options);
  expect(make).toThrow(ModelGraphError);
  expect(make).toThrow(
    expect.objectContaining({ code: 'BAD_OPTIONS', message: expect.not.stringContaining('secret') }),
  );
});

test('variables that are no JSON are the caller’s mistake', async () => {
  expect((await failureOf('http://127.0.0.1:9', QUERY, {}, { a: 1n })).code).toBe('BAD_OPTIONS');
});

/** The error in which the query ends. */
async function failureOf(
  url: string,
  document = QUERY,
  options: QueryOptions = {},
  variables: Readonly<Record<string, unknown>> = {},
): Promise<ModelGraphError> {
  try {
    await createClient({ url }).query(document, variables, options);
  } catch (error) {
    if (error instanceof ModelGraphError) return error;
    throw error;
  }
  throw new Error('The query went well.');
}
