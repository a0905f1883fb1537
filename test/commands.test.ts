import { mkdtempDisposableSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import packageJson from '../package.json' with { type: 'json' };
import { addressOf, logLines, type ProcessOptions, run, start } from './process.ts';

const temporary = () => mkdtempDisposableSync(join(tmpdir(), 'modelgraph-commands-'));

describe('wrong usage is told in one sentence, with exit code 2 and nothing left behind', () => {
  const WRONG: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no command', [], /name a command, models, versions, .*, serve, mlmd, demo, or operator; --help tells more/],
    ['an unknown command', ['sevre'], /unknown command 'sevre' \(did you mean serve\?\); --help/],
    [
      'help of an unknown command',
      ['help', 'sevre'],
      /There is no command `sevre`; `modelgraph help` tells which there are/,
    ],
    ['an unknown flag', ['serve', '--prot', '1'], /unknown option '--prot' \(did you mean --port\?\); --help/],
    ['an unknown flag before the command', ['--nope', 'serve'], /unknown option '--nope'/],
    ['an excess argument', ['serve', 'file.db'], /too many arguments for 'serve', expected 0 .* got 1: file\.db/],
    ['an excess argument of demo', ['demo', 'x'], /too many arguments for 'demo'/],
    ['a flag without its value', ['serve', '--port'], /'--port <number>' argument missing/],
    ...['abc', '70000', '-1', ''].map(
      (port) => [`port '${port}'`, ['serve', '--port', port], /has to be a whole number from 0 to 65535/] as const,
    ),
    ...['abc', '0', '', '3601'].map(
      (time) =>
        [`timeout '${time}'`, ['serve', '--timeout', time], /number of seconds, above 0 and up to 3600/] as const,
    ),
    ...['abc', '0', '-1', '5:', '5:0', '1:2:3', ''].map(
      (rate) =>
        [
          `rate '${rate}'`,
          ['serve', '--rate-limit', rate],
          /PER-SECOND or PER-SECOND:BURST, both above 0, or/,
        ] as const,
    ),
    ['a rate of changes', ['mlmd', '--change-limit', 'x'], /PER-SECOND or PER-SECOND:BURST, both above 0, or off/],
    ['failed logins', ['serve', '--failed-login-limit', '0'], /has to be a whole number from 1 to 999999/],
    ['requests in flight', ['serve', '--max-in-flight', '0'], /has to be a whole number from 1 to 999999/],
    ['trusted documents for gRPC', ['mlmd', '--trusted-documents', 'x'], /unknown option '--trusted-documents'/],
    ...['-1', '601', '', 'soon'].map(
      (time) =>
        [`a drain of '${time}'`, ['serve', '--drain-seconds', time], /number of seconds from 0 to 600/] as const,
    ),
    ['an unknown log level', ['serve', '--log-level', 'loud'], /is invalid: allowed choices are fatal, /],
    ['an empty host', ['serve', '--host', ''], /has to be a name or an address of this machine/],
    ['a URL for a host', ['serve', '--host', 'http://localhost'], /has to be a name or an address/],
    ['a public host', ['serve', '--host', '0.0.0.0'], /Everyone who can reach 0\.0\.0\.0 .* --allow-unauthenticated/],
    ['a public IPv6 host', ['serve', '--host', '::'], /Everyone who can reach :: /],
    ['a public host for gRPC', ['mlmd', '--host', '0.0.0.0'], /add --allow-unauthenticated/],
    ['an excess argument of mlmd', ['mlmd', 'file.db'], /too many arguments for 'mlmd'/],
    ['a server to be served as one', ['mlmd', '--mlmd', 'h:1'], /unknown option '--mlmd'/],
    ['a timeout for gRPC', ['mlmd', '--timeout', '1'], /unknown option '--timeout'/],
    ["a gRPC port 'abc'", ['serve', '--grpc-port', 'abc'], /has to be a whole number from 0 to 65535/],
    ['a public host for the demo', ['demo', '--host', '0.0.0.0'], /add --allow-unauthenticated/],
    [
      'a host of others',
      ['serve', '--host', '192.0.2.1', '--allow-unauthenticated'],
      /192\.0\.2\.1 is not an address of/,
    ],
    ['a missing folder', ['serve', '--db', 'none/x.db'], /The folder none does not exist; make it first/],
    ['a name too long', ['serve', '--db', `${'é'.repeat(118)}`], /file name is too long; 235 bytes are taken/],
    ['a file without name', ['serve', '--db', ''], /needs a file name/],
    ['both stores', ['serve', '--db', 'x', '--mlmd', 'h:1'], /'--db <file>' cannot be used with option '--mlmd/],
    ...['host', 'host:0', 'host:65536', '', 'http://host:80', '::1:80'].map(
      (mlmd) => [`server '${mlmd}'`, ['serve', '--mlmd', mlmd], /is not HOST:PORT, such as localhost:8080/] as const,
    ),
    ['TLS without a server', ['serve', '--mlmd-tls'], /--mlmd-tls needs --mlmd HOST:PORT/],
    ['an authority without TLS', ['serve', '--mlmd', 'h:1', '--mlmd-ca', 'text'], /need --mlmd-tls/],
    ['a key without its certificate', ['serve', '--mlmd', 'h:1', '--mlmd-tls', '--mlmd-key', 'text'], /go together/],
    ['a missing authority', ['serve', '--mlmd', 'h:1', '--mlmd-tls', '--mlmd-ca', 'no'], /The file no cannot be read/],
    ['an authority that is a folder', ['serve', '--mlmd', 'h:1', '--mlmd-tls', '--mlmd-ca', '.'], /\. cannot be read/],
    [
      'text for an authority',
      ['serve', '--mlmd', 'h:1', '--mlmd-tls', '--mlmd-ca', 'text'],
      /text holds no certificate/,
    ],
    [
      'text for certificate and key',
      ['serve', '--mlmd', 'h:1', '--mlmd-tls', '--mlmd-cert', 'text', '--mlmd-key', 'text'],
      /text and text are not a certificate and its own key/,
    ],
  ];

  test.each(WRONG)('%s', async (_name, args, problem) => {
    using folder = temporary();
    writeFileSync(join(folder.path, 'text'), 'no certificate\n');
    // A free port, for when the check is gone that this is about; the flag that comes last counts.
    const free = args.length > 0 && args[0] !== 'help' && !args.includes('--port') ? ['--port', '0'] : [];
    expectOneSentence(await run([...args, ...free], { cwd: folder.path }), 2, problem);
    expect(readdirSync(folder.path)).toEqual(['text']);
  });

  test('a busy port', async () => {
    using folder = temporary();
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const ended = await run(['serve', '--port', `${port}`], { cwd: folder.path });
    server.close();
    expectOneSentence(ended, 2, new RegExp(`Port ${port} is in use; choose another with --port, or 0`));
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test.each([
    ['--port', []],
    ['--metrics-port', ['--port', '0']],
  ])('a busy %s of an operator', async (option, others) => {
    using folder = temporary();
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const args = ['operator', '--host', '127.0.0.1', ...others, option, `${port}`];
    const ended = await run(args, { cwd: folder.path });
    server.close();
    expectOneSentence(ended, 2, new RegExp(`Port ${port} is in use; choose another with ${option}, or 0`));
  });
});

describe('asked for', () => {
  test.each([
    ['--version', /^\d+\.\d+\.\d+\n$/],
    ['--help', /^ {2}models .*[\s\S]*^ {2}serve .*[\s\S]*^ {2}mlmd .*[\s\S]*^ {2}demo /m],
    ['serve --help', /--db <file>[\s\S]*--mlmd <host:port>/],
    ['demo --help', /--port <number>/],
    ['help', /^ {2}serve .*/m],
    ['help serve', /--db <file>/],
    ['help models list', /--filter <condition>/],
  ])('%s is told on stdout, with exit code 0', async (args, text) => {
    const ended = await run(args.split(' '));
    expect(ended).toEqual({ code: 0, stdout: expect.stringMatching(text), stderr: '' });
  });

  test('the version is that of the package', async () => {
    expect((await run(['--version'])).stdout).toBe(`${packageJson.version}\n`);
  });
});

describe('serve', () => {
  test('without a store makes modelgraph.db in the working directory, says so, and finds it again', async () => {
    using folder = temporary();
    expect(await logOf(['serve', '--port', '0'], { cwd: folder.path })).toContain(
      'created the empty store modelgraph.db',
    );
    expect(readdirSync(folder.path)).toEqual(['modelgraph.db']);
    expect(await logOf(['serve', '--port', '0'], { cwd: folder.path })).toContain('opened modelgraph.db');
  });

  test.each([
    ['a public host that is meant', ['--host', '0.0.0.0', '--allow-unauthenticated'], /^http:\/\/0\.0\.0\.0:\d+$/],
    ['localhost', ['--host', 'localhost'], /^http:\/\/(127\.0\.0\.1|\[::1\]):\d+$/],
    ['an MLMD server by IPv6 address, away', ['--mlmd', '[::1]:9'], /^http:\/\/127\.0\.0\.1:\d+$/],
  ])('takes %s', async (_name, args, address) => {
    using folder = temporary();
    await using gateway = start(['serve', '--port', '0', ...args], { cwd: folder.path });
    const url = await addressOf(gateway);
    expect(url).toMatch(address);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test.each([
    ['debug', true],
    ['warn', false],
    ['silent', false],
  ])('at log level %s tells of requests: %s', async (level, told) => {
    using folder = temporary();
    const messages = await logOf(['serve', '--port', '0', '--log-level', level], { cwd: folder.path });
    expect(messages.includes('incoming request')).toBe(told);
    expect(messages.includes('stopped')).toBe(told);
  });
});

/** What a gateway logs that is asked once and then stopped. */
async function logOf(args: readonly string[], options: ProcessOptions): Promise<readonly unknown[]> {
  await using gateway = start(args, options);
  await fetch(`${await addressOf(gateway)}/graphql?query={__typename}`, {
    headers: { 'apollo-require-preflight': 'x' },
  });
  gateway.kill('SIGTERM');
  expect(await gateway.ended()).toBe(0);
  return logLines(gateway.stderr).map(({ msg }) => msg);
}

function expectOneSentence(ended: Awaited<ReturnType<typeof run>>, code: number, problem: RegExp): void {
  expect(ended).toEqual({ code, stdout: '', stderr: expect.stringMatching(/^modelgraph: [^\n]+\.\n$/) });
  expect(ended.stderr).toMatch(problem);
}
