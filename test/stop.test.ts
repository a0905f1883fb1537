import { mkdirSync, mkdtempDisposableSync, readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { post } from './harness.ts';
import { addressOf, logLines, type Running, start } from './process.ts';
import { startEngine } from './reference/engine.ts';
import { requireReference } from './reference/require.ts';

const missing = requireReference();
const temporary = () => mkdtempDisposableSync(join(tmpdir(), 'modelgraph-stop-'));
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

describe.skipIf(missing)(`a stop while the MLMD server makes a request wait ${missing ?? ''}`, () => {
  test.each(SIGNALS)('%s: the request finishes, its connection ends with it, and no more is taken', async (signal) => {
    await using engine = await startEngine();
    await using gateway = start(['serve', '--port', '0', '--timeout', '60', '--mlmd', `127.0.0.1:${engine.port}`]);
    const { hostname, port } = new URL(await addressOf(gateway));
    using client = await openClient(hostname, Number(port));
    await engine.pause();
    client.send('GET /graphql?query={artifacts{nodes{id}}}', 'apollo-require-preflight: x');
    await gateway.seen(/incoming request/);
    gateway.kill(signal);
    await gateway.seen(/"stopping"/);
    // The log says so a moment before the port is closed.
    const refusal = () => fetch(`http://${hostname}:${port}/healthz`).then(() => 'none', String);
    await expect.poll(refusal, { timeout: 20_000 }).toContain('fetch failed');
    engine.resume();
    expect(await client.received()).toMatch(
      /^HTTP\/1\.1 200 [\s\S]*connection: close[\s\S]*{"data":{"artifacts":{"nodes":\[\]}}}\s*$/,
    );
    expectClean(await gateway.ended(), gateway);
  });

  test('a request that never finishes is given up after its own time', { timeout: 20_000 }, async () => {
    await using engine = await startEngine();
    await using gateway = start(['serve', '--port', '0', '--timeout', '1', '--mlmd', `127.0.0.1:${engine.port}`]);
    const { hostname, port } = new URL(await addressOf(gateway));
    using client = await openClient(hostname, Number(port));
    await engine.pause();
    client.send('GET /graphql?query={artifacts{nodes{id}}}', 'apollo-require-preflight: x');
    await gateway.seen(/incoming request/);
    gateway.kill('SIGTERM');
    expect(await client.received()).toContain('DEADLINE_EXCEEDED');
    expectClean(await gateway.ended(), gateway);
  });

  test('a second signal, later than npm passes on the first, ends it at once', async () => {
    await using engine = await startEngine();
    await using gateway = start(['serve', '--port', '0', '--timeout', '60', '--mlmd', `127.0.0.1:${engine.port}`]);
    const { hostname, port } = new URL(await addressOf(gateway));
    using client = await openClient(hostname, Number(port));
    await engine.pause();
    client.send('GET /graphql?query={artifacts{nodes{id}}}', 'apollo-require-preflight: x');
    await gateway.seen(/incoming request/);
    gateway.kill('SIGTERM');
    await gateway.seen(/"stopping"/);
    await new Promise((resolve) => setTimeout(resolve, 600));
    gateway.kill('SIGINT');
    expect(await gateway.ended()).toBe(130);
  });
});

describe('a stop', () => {
  test.each(SIGNALS)('%s closes idle connections and ends with exit code 0', async (signal) => {
    using folder = temporary();
    await using gateway = start(['serve', '--port', '0', '--db', join(folder.path, 'x.db')]);
    const { hostname, port } = new URL(await addressOf(gateway));
    using client = await openClient(hostname, Number(port));
    client.send('GET /readyz');
    await client.received(/{"status":"ready"}/);
    gateway.kill(signal);
    expectClean(await gateway.ended(), gateway);
    expect(readdirSync(folder.path)).toEqual(['x.db']);
  });

  test('has /readyz say so to a request that was still arriving', async () => {
    using folder = temporary();
    await using gateway = start(['serve', '--port', '0', '--db', join(folder.path, 'x.db')]);
    const { hostname, port } = new URL(await addressOf(gateway));
    using client = await openClient(hostname, Number(port));
    client.begin('GET /readyz');
    await fetch(`http://${hostname}:${port}/healthz`); // after it, the half has arrived
    gateway.kill('SIGTERM');
    await gateway.seen(/"stopping"/);
    client.end();
    expect(await client.received()).toMatch(/^HTTP\/1\.1 503 [\s\S]*{"status":"stopping"}$/);
    expectClean(await gateway.ended(), gateway);
  });

  // On a loaded machine the second may come so late that it meets a process without handlers.
  test.each(SIGNALS)('%s, twice at once as from a terminal through npm, is one', { retry: 3 }, async (signal) => {
    using folder = temporary();
    await using gateway = start(['serve', '--port', '0', '--db', join(folder.path, 'x.db')]);
    await addressOf(gateway);
    gateway.kill(signal);
    gateway.kill(signal);
    expectClean(await gateway.ended(), gateway);
  });

  test('before it is ready stops it as soon as it is', async () => {
    using folder = temporary();
    await using gateway = start(['serve', '--port', '0', '--db', join(folder.path, 'x.db')]);
    await gateway.seen(/created the empty store/);
    gateway.kill('SIGTERM');
    expectClean(await gateway.ended(), gateway);
  });

  test.each(SIGNALS)('%s takes the store of the demo along', async (signal) => {
    using folder = temporary();
    await using gateway = start(['demo', '--port', '0'], { env: { TMPDIR: folder.path } });
    await addressOf(gateway);
    expect(readdirSync(folder.path)).toEqual([expect.stringMatching(/^modelgraph-demo-/)]);
    gateway.kill(signal);
    expectClean(await gateway.ended(), gateway);
    expect(readdirSync(folder.path)).toEqual([]);
  });
});

describe('npm', () => {
  test('run demo serves data, and Ctrl-C ends it', async () => {
    using folder = temporary();
    const env = npmEnvironment(folder.path);
    await using gateway = start(['run', 'demo', '--', '--port', '0'], { command: ['npm'], env });
    const { data } = await post(await addressOf(gateway), { query: '{ contexts { nodes { name } } }' });
    expect(data.contexts.nodes.length).toBeGreaterThan(0);
    gateway.killAll('SIGINT');
    await gateway.ended();
    expectQuiet(gateway);
    expect(readdirSync(env.TMPDIR).filter((name) => name.startsWith('modelgraph'))).toEqual([]);
  });

  test('start takes the options of serve', async () => {
    using folder = temporary();
    const db = join(folder.path, 'x.db');
    await using gateway = start(['start', '--', '--port', '0', '--db', db], {
      command: ['npm'],
      env: npmEnvironment(folder.path),
    });
    expect((await fetch(`${await addressOf(gateway)}/readyz`)).status).toBe(200);
    gateway.killAll('SIGINT');
    await gateway.ended();
    expectQuiet(gateway);
    expect(gateway.stderr).toContain(`created the empty store ${db}`);
  });
});

/** A folder for temporary files of its own, and npm without opinions. */
function npmEnvironment(folder: string) {
  const temporaryFolder = join(folder, 'tmp');
  mkdirSync(temporaryFolder);
  return { TMPDIR: temporaryFolder, npm_config_update_notifier: 'false', npm_config_loglevel: 'error' };
}

function expectClean(code: unknown, gateway: Running): void {
  expect({ code, stderr: gateway.stderr }).toMatchObject({ code: 0 });
  const messages = logLines(gateway.stderr).map(({ msg }) => msg);
  expect(messages.slice(-1)).toEqual(['stopped']);
  expectQuiet(gateway);
}

/** Neither ExperimentalWarning nor DeprecationWarning nor a leak of listeners. */
function expectQuiet(gateway: Running): void {
  expect(gateway.stderr).toContain('"stopped"');
  expect(gateway.stderr).not.toMatch(/warning/i);
}

/** A bare connection that is kept, on which a request can also be sent by halves; no HTTP client lets one do that. */
async function openClient(host: string, port: number) {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opening = connect(port, host, () => resolve(opening)).once('error', reject);
  });
  let text = '';
  socket.setEncoding('utf8').on('data', (data) => {
    text += data;
  });
  const begin = (line: string, ...headers: readonly string[]) =>
    void socket.write([`${line} HTTP/1.1`, 'host: localhost', ...headers, ''].join('\r\n'));
  const end = () => void socket.write('\r\n');
  return {
    begin,
    end,
    send(line: string, ...headers: readonly string[]) {
      begin(line, ...headers);
      end();
    },
    /** All until the connection ends, or until there is what matches. */
    received: (pattern?: RegExp) =>
      new Promise<string>((resolve) => {
        const look = () => (pattern?.test(text) || socket.readableEnded) && resolve(text);
        socket.on('data', look).once('end', () => resolve(text));
        look();
      }),
    [Symbol.dispose]: () => void socket.destroy(),
  };
}
