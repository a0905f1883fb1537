import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Harness, openHarness } from '../harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness?.[Symbol.asyncDispose]());

/** Milliseconds that only bound a hang: the gateway gives a client 5 s for its headers, 10 s for all of a request. */
const PATIENCE_MS = 45_000;

const HEAD = 'POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n';

/** A connection that sends what it is told, and keeps what it gets. */
async function open(first: string): Promise<{ readonly socket: Socket; readonly closed: Promise<string> }> {
  const { port, hostname } = new URL(harness.url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.setEncoding('latin1').on('data', (text) => {
    answer += text;
  });
  socket.on('error', () => undefined); // Reset while writing: closed, all the same.
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(answer)));
  await once(socket, 'connect');
  if (first !== '') socket.write(first);
  return { socket, closed };
}

/** What the gateway answered before it closed a connection over which more comes, bit by bit, and never all. */
async function trickle(first: string, more: string): Promise<string> {
  const { socket, closed } = await open(first);
  const timer = setInterval(() => socket.writable && socket.write(more), 200);
  try {
    return await bounded(closed);
  } finally {
    clearInterval(timer);
    socket.destroy();
  }
}

function bounded<T>(promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('the gateway keeps the connection')), PATIENCE_MS);
  return Promise.race([promise, late.promise]).finally(() => clearTimeout(timer));
}

async function lives(): Promise<void> {
  expect((await fetch(`${harness.url}/healthz`)).status).toBe(200);
}

describe.concurrent('a client that takes its time', () => {
  test('with its headers is cut off', async () => {
    const answer = await trickle(HEAD, 'x-a: b\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    await lives();
  });

  test('with the bytes of one header is cut off', async () => {
    expect(await trickle('GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ', 'y')).toMatch(/^HTTP\/1\.1 408 /);
    await lives();
  });

  test('with its body is cut off', async () => {
    expect(await trickle(`${HEAD}content-length: 100000\r\n\r\n{"query":"`, 'x')).toMatch(/^HTTP\/1\.1 408 /);
    await lives();
  });

  test('with the chunks of its body is cut off', async () => {
    expect(await trickle(`${HEAD}transfer-encoding: chunked\r\n\r\n`, '1\r\nx\r\n')).toMatch(/^HTTP\/1\.1 408 /);
    await lives();
  });

  test('with a body for REST is cut off', async () => {
    const head = 'POST /api/model_registry/v1/registered_models HTTP/1.1\r\nhost: 127.0.0.1\r\n';
    expect(await trickle(`${head}content-length: 100000\r\n\r\n{`, ' ')).toMatch(/^HTTP\/1\.1 408 /);
    await lives();
  });

  test('and asks nothing is cut off, 500 times, while others are served', async () => {
    const opened = await Promise.all(Array.from({ length: 500 }, () => open('')));
    const closed = Promise.all(opened.map((each) => each.closed));
    try {
      expect((await harness.query('{ __typename }')).status).toBe(200);
      await bounded(closed);
    } finally {
      for (const { socket } of opened) socket.destroy();
    }
    await lives();
  });

  test('to read its answers takes no place from others', async () => {
    await using own = await openHarness({ limits: { maxInFlight: 4 } });
    const { data } = await own.query(
      'mutation ($input: CreateRegisteredModelInput!) { createRegisteredModel(input: $input) { userErrors { code } } }',
      { input: { name: 'm', readme: 'r'.repeat(500_000) } },
    );
    expect(data.createRegisteredModel.userErrors).toEqual([]);
    // 15 MB: more than the buffers of both ends hold.
    const query = `{ ${Array.from({ length: 30 }, (_, at) => `_${at}: registeredModel(name: "m") { readme }`).join(' ')} }`;
    const body = JSON.stringify({ query });
    const opened = [];
    const { port, hostname } = new URL(own.url);
    for (let index = 0; index < 8; index += 1) {
      const socket = connect(Number(port), hostname).on('error', () => undefined);
      socket.write(`${HEAD}content-length: ${body.length}\r\n\r\n${body}`);
      await once(socket, 'readable'); // The answer has begun, and nobody reads it.
      opened.push(socket);
    }
    try {
      expect((await own.query('{ __typename }')).status).toBe(200);
    } finally {
      for (const socket of opened) socket.destroy();
    }
  });

  test('with its body takes no place from others', async () => {
    await using own = await openHarness({ limits: { maxInFlight: 4 } });
    const { port, hostname } = new URL(own.url);
    const opened = [];
    for (let index = 0; index < 8; index += 1) {
      const socket = connect(Number(port), hostname).on('error', () => undefined);
      socket.write(`${HEAD}content-length: 100000\r\nexpect: 100-continue\r\n\r\n{`);
      await once(socket, 'readable'); // Told to go on: the gateway has the request.
      opened.push(socket);
    }
    try {
      expect((await own.query('{ __typename }')).status).toBe(200);
    } finally {
      for (const socket of opened) socket.destroy();
    }
  });
});

/** The answer to one request, sent as it stands here. */
async function raw(request: string): Promise<string> {
  const { socket, closed } = await open(request);
  const { promise, resolve } = Promise.withResolvers<string>();
  socket.on('data', (text) => /\r\n\r\n/.test(String(text)) && resolve(String(text)));
  try {
    return await bounded(Promise.race([promise, closed]));
  } finally {
    socket.destroy();
  }
}

const GET = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}\r\n`;

describe('a request that is too large or odd', () => {
  const requests: Readonly<Record<string, readonly [request: string, status: number]>> = {
    'a body of 1 MiB and a byte': [`${HEAD}content-length: ${2 ** 20 + 1}\r\n\r\n`, 413],
    'a body of 1 MiB and a byte for REST': [
      `POST /api/model_registry/v1/registered_models HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${2 ** 20 + 1}\r\n\r\n`,
      413,
    ],
    'chunks of more than 1 MiB': [
      `${HEAD}transfer-encoding: chunked\r\n\r\n${`10000\r\n${' '.repeat(65_536)}\r\n`.repeat(17)}`,
      413,
    ],
    'a header of 17 KiB': [GET('/healthz', `x: ${'y'.repeat(17_000)}\r\n`), 431],
    '3000 headers': [GET('/healthz', Array.from({ length: 3_000 }, (_, at) => `x-${at}: y\r\n`).join('')), 431],
    'a URL of 9 KiB': [GET(`/graphql?query=${'x'.repeat(9_000)}`), 414],
    'a URL of 9 KiB for REST': [GET(`/api/model_registry/v1/registered_models?name=${'x'.repeat(9_000)}`), 414],
    'a URL of 9 KiB for nothing': [GET(`/${'x'.repeat(9_000)}`), 414],
    'a URL of 20 KiB': [GET(`/${'x'.repeat(20_000)}`), 431],
    'two lengths': [`${HEAD}content-length: 5\r\ncontent-length: 6\r\n\r\n{}   `, 400],
    'a length and chunks': [`${HEAD}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    'no HTTP': ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n', 400],
    'no Host': ['GET /healthz HTTP/1.1\r\n\r\n', 400],
    'a method of its own': ['BREW /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n', 400],
    'a header with a NUL': [GET('/healthz', 'x: a\0b\r\n'), 400],
  };

  test.each(Object.entries(requests))('%s', async (_name, [request, status]) => {
    const answer = await raw(request);
    expect(answer.slice(0, 200)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).not.toMatch(/FST_|HPE_|node_modules|\bat .+:\d+:\d+/);
    await lives();
  });
});

describe('values that are too large', () => {
  const create = (input: object) =>
    harness.query(
      'mutation ($input: CreateRegisteredModelInput!) { createRegisteredModel(input: $input) { registeredModel { id } userErrors { code } } }',
      { input },
    );
  const rest = (body: object) =>
    fetch(`${harness.url}/api/model_registry/v1alpha3/registered_models`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
  const text = (value: string) => ({ metadataType: 'MetadataStringValue', string_value: value });
  const many = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`);
  const nested = (levels: number): object => (levels === 0 ? {} : { a: nested(levels - 1) });

  const bodies: Readonly<Record<string, readonly [graphql: object, rest: object]>> = {
    'a name of 1025 bytes': [{ name: 'n'.repeat(1_025) }, { name: 'n'.repeat(1_025) }],
    'a value of 64 KiB and a byte': [
      { name: 'a', description: 'd'.repeat(65_537) },
      { name: 'a', description: 'd'.repeat(65_537) },
    ],
    '501 properties': [
      { name: 'b', customProperties: many(501).map((name) => ({ name, value: { stringValue: 'x' } })) },
      { name: 'b', customProperties: Object.fromEntries(many(501).map((name) => [name, text('x')])) },
    ],
    'a struct of 50 levels': [
      { name: 'c', customProperties: [{ name: 's', value: { structValue: nested(50) } }] },
      {
        name: 'c',
        customProperties: { s: { metadataType: 'MetadataStructValue', struct_value: JSON.stringify(nested(50)) } },
      },
    ],
  };

  test.each(Object.entries(bodies))('%s leaves no row', async (_name, [input, body]) => {
    const { data } = await create(input);
    expect(data.createRegisteredModel).toMatchObject({
      registeredModel: null,
      userErrors: [{ code: 'INVALID_VALUE' }],
    });
    expect((await rest(body)).status).toBe(400);
    expect((await harness.store.getContexts({})).contexts).toEqual([]);
  });

  test('JSON of 65 levels is refused whole', async () => {
    const { status } = await create({
      name: 'd',
      customProperties: [{ name: 's', value: { structValue: nested(65) } }],
    });
    expect(status).toBe(400);
    expect((await rest({ name: 'd', customProperties: nested(65) })).status).toBe(400);
    expect((await harness.store.getContexts({})).contexts).toEqual([]);
  });

  test('a list of rows that are as large as they may be is answered', async () => {
    await using own = await openHarness();
    for (let index = 0; index < 80; index += 1) {
      const { data } = await own.query(
        'mutation ($input: CreateRegisteredModelInput!) { createRegisteredModel(input: $input) { userErrors { code } } }',
        { input: { name: `m${index}`, description: 'd'.repeat(65_536) } },
      );
      expect(data.createRegisteredModel.userErrors).toEqual([]);
    }
    const { status, data } = await own.query('{ registeredModels(first: 100) { nodes { description } } }');
    expect({ status, rows: data.registeredModels.nodes.length }).toEqual({ status: 200, rows: 80 });
    const answer = await fetch(`${own.url}/api/model_registry/v1/registered_models?pageSize=100`);
    expect(answer.status).toBe(200);
    expect(((await answer.json()) as { items: unknown[] }).items).toHaveLength(80);
  });
});
