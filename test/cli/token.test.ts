import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';

import { noTerminal, openRig, type Rig } from './terminal-rig.ts';

const TOKEN = 'tok-3.14159';
const OTHER = 'tok-2.71828';

let rig: Rig;
let server: Awaited<ReturnType<typeof wantToken>>;
let config: string;

beforeAll(async () => {
  rig = await openRig({ gateway: false });
  server = await wantToken(TOKEN);
  config = join(rig.home, 'config/modelgraph/config.yaml');
});

beforeEach(() => {
  writeFileSync(join(rig.home, 'token'), `${TOKEN}\n`);
  writeFileSync(join(rig.home, 'expired'), OTHER);
  mkdirSync(join(rig.home, 'config/modelgraph'), { recursive: true });
  writeFileSync(config, '');
  server.seen.length = 0;
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

const LIST = 'modelgraph models list -o name';

/** Runs a line. Whatever it says, it says no token. */
async function say(line: string, env?: Readonly<Record<string, string>>) {
  const ended = await rig.shell(line, env);
  expect(`${ended.stdout}${ended.stderr}`).not.toMatch(new RegExp(`${TOKEN}|${OTHER}`));
  return ended;
}

test.each([
  ['--token-file', `${LIST} --server URL --token-file token`, {}],
  ['--token-file before the command', `modelgraph --server URL --token-file token models list -o name`, {}],
  ['stdin', `${LIST} --server URL --token-file - < token`, {}],
  ['MODELGRAPH_TOKEN', LIST, { MODELGRAPH_SERVER: 'URL', MODELGRAPH_TOKEN: TOKEN }],
  ['MODELGRAPH_TOKEN_FILE', LIST, { MODELGRAPH_SERVER: 'URL', MODELGRAPH_TOKEN_FILE: 'token' }],
  [
    'a flag rather than the environment',
    `${LIST} --server URL --token-file token`,
    { MODELGRAPH_SERVER: 'http://127.0.0.1:9', MODELGRAPH_TOKEN: OTHER },
  ],
])('a token comes from %s', async (_from, line, env) => {
  const filled = Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, value.replace('URL', server.url)]),
  );
  expect(await say(line.replace('URL', server.url), filled)).toEqual({ code: 0, stdout: 'model:a\n', stderr: '' });
  expect(server.seen).toEqual([`Bearer ${TOKEN}`]);
});

test.each([
  ['none', '', /wants a token; give one with --token-file FILE, or keep it with `modelgraph login http:\S+`\.$/],
  [
    'an expired one',
    '--token-file expired',
    /does not accept the token: it may have expired; get a new one, then `modelgraph login/,
  ],
])('a server that wants a token and gets %s is told with the next step', async (_what, flags, said) => {
  const { code, stdout, stderr } = await say(`${LIST} --server ${server.url} ${flags}`);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^modelgraph: [^\n]+\n$/);
  expect(stderr.trimEnd()).toMatch(said);
});

test.each([
  ['--token-file none', /The token file none cannot be read/],
  ['--token-file empty', /There is no token in the file empty\./],
  ['--token-file two', /What stands in the file two is no token: it has to be one word/],
  ['--token-file - < /dev/null', /There is no token in stdin\./],
])('what is no token is told without showing it: %s', async (flags, said) => {
  writeFileSync(join(rig.home, 'empty'), '\n');
  writeFileSync(join(rig.home, 'two'), `${TOKEN} ${OTHER}`);
  const { code, stderr } = await say(`${LIST} --server ${server.url} ${flags}`);
  expect(code).toBe(2);
  expect(stderr).toMatch(said);
});

test('a password in an address is refused without showing it', async () => {
  const { code, stderr } = await say(`${LIST} --server http://user:${TOKEN}@127.0.0.1:1`);
  expect(code).toBe(2);
  expect(stderr).toContain('A user or password has no place in the address of the server; see --token-file.');
});

test('two tokens in the environment are one too many', async () => {
  const { code, stderr } = await say(LIST, { MODELGRAPH_TOKEN: TOKEN, MODELGRAPH_TOKEN_FILE: 'token' });
  expect(code).toBe(2);
  expect(stderr).toContain('MODELGRAPH_TOKEN and MODELGRAPH_TOKEN_FILE are both set');
});

test('login tries a token and keeps it for this user alone; logout forgets it', async () => {
  const login = await say(`modelgraph login ${server.url} --name prod --token-file token`);
  expect(login).toEqual({ code: 0, stdout: `Logged in to ${server.url}, kept as prod.\n`, stderr: '' });
  expect(statSync(config).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(rig.home, 'config/modelgraph'))).toEqual(['config.yaml']);
  expect(await say(LIST)).toMatchObject({ code: 0, stdout: 'model:a\n' });
  expect((await say('modelgraph context list')).stdout).toMatch(
    /^CURRENT {2}NAME {2}SERVER +TOKEN\ntrue +prod {2}http\S+ +true\n$/,
  );
  expect(JSON.parse((await say('modelgraph context list -o json')).stdout)).toEqual([
    { name: 'prod', server: server.url, current: true, token: true },
  ]);
  expect(await say('modelgraph logout')).toMatchObject({ code: 0 });
  expect(readFileSync(config, 'utf8')).not.toContain(TOKEN);
  expect((await say(LIST)).stderr).toContain('wants a token');
  expect((await say('modelgraph logout')).stderr).toContain('There is no token of prod');
});

test.skipIf(noTerminal())('login asks for the token on a terminal, which does not show it', async () => {
  const { code, shown } = await type(`${TOKEN}\r`);
  expect({ code, shown }).toEqual({
    code: 0,
    shown: expect.stringContaining(`Logged in to ${server.url}, kept as 127.0.0.1.`),
  });
  expect(shown).not.toContain(TOKEN);
  expect(parse(readFileSync(config, 'utf8')).contexts['127.0.0.1'].token).toBe(TOKEN);
});

test.skipIf(noTerminal())('a Ctrl-C in place of the token keeps nothing', async () => {
  const { code, shown } = await type('\u0003');
  expect({ code, shown }).toEqual({ code: 130, shown: expect.stringContaining('Interrupted; nothing was kept.') });
  expect(readFileSync(config, 'utf8')).toBe('');
});

test('login keeps nothing where the server does not take the token, cannot be reached, or for --dry-run', async () => {
  expect((await say(`modelgraph login ${server.url} --token-file expired`)).code).toBe(1);
  expect((await say('modelgraph login http://127.0.0.1:9 --token-file token')).code).toBe(1);
  const dry = await say(`modelgraph login ${server.url} --token-file token --dry-run`);
  expect(dry.stdout).toBe(`Would keep ${server.url} as 127.0.0.1 in ${config}, after having tried it.\n`);
  expect(readFileSync(config, 'utf8')).toBe('');
});

test('contexts are chosen by name, used, and removed', async () => {
  keep('staging', { staging: { server: 'http://127.0.0.1:9' }, prod: { server: server.url, token: TOKEN } });
  expect((await say(LIST)).stderr).toContain('no answer from http://127.0.0.1:9');
  expect(await say(`${LIST} --context prod`)).toMatchObject({ code: 0, stdout: 'model:a\n' });
  expect((await say(`${LIST} --context pord`)).stderr).toContain('There is no context pord (did you mean prod?)');
  const chosen = { MODELGRAPH_SERVER: 'http://127.0.0.1:9', MODELGRAPH_TOKEN: OTHER };
  expect(await say(`${LIST} --context prod`, chosen)).toMatchObject({ code: 0 });
  expect((await say('modelgraph context use prod --dry-run')).stdout).toMatch(/^Would use the context prod /);
  expect((await say('modelgraph context use prod')).stdout).toBe(`Now uses the context prod (${server.url}).\n`);
  expect(await say(LIST)).toMatchObject({ code: 0 });
  expect((await say('modelgraph context remove prod')).code).toBe(0);
  expect(parse(readFileSync(config, 'utf8'))).toEqual({ contexts: { staging: { server: 'http://127.0.0.1:9' } } });
});

test('the token of a context is shown to the server of that context only', async () => {
  await using other = await wantToken(TOKEN);
  keep('prod', { prod: { server: server.url, token: TOKEN } });
  expect((await say(`${LIST} --server ${other.url}`)).stderr).toContain('wants a token');
  expect(other.seen).toEqual([undefined]);
  expect((await say(LIST, { MODELGRAPH_SERVER: other.url })).code).toBe(1);
  const env = { MODELGRAPH_SERVER: server.url, MODELGRAPH_TOKEN: OTHER };
  expect((await say(`${LIST} --server ${other.url}`, env)).stderr).toContain('wants a token');
  expect(other.seen).toEqual([undefined, undefined, undefined]);
  expect(await say(`${LIST} --server ${server.url}`)).toMatchObject({ code: 0 });
});

test.each([
  ['contexts: [', /it cannot be read as YAML\. Mend or remove it\.$/],
  [`contexts: { a: { token: ${TOKEN} } }`, /the context a needs a `server`\. Mend or remove it\.$/],
  [`contexts: { a: { server: 'http://h', token: [${TOKEN}] } }`, /the token of a has to be a text\. Mend/],
  ['[]', /it has to be a map with `current` and `contexts`\. Mend/],
  ['current: 1', /`current` has to be the name of a context\. Mend/],
])('a configuration file that is not right is told without showing it: %s', async (text, said) => {
  writeFileSync(config, text);
  const { code, stderr } = await say(LIST);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^modelgraph: The file \S+ is not right: [^\n]+\n$/);
  expect(stderr.trimEnd()).toMatch(said);
});

test('a file with tokens that others may read is told', async () => {
  keep('prod', { prod: { server: server.url, token: TOKEN } });
  chmodSync(config, 0o644);
  expect(await say(LIST)).toEqual({
    code: 0,
    stdout: 'model:a\n',
    stderr: `modelgraph: others may read the tokens in ${config}: run \`chmod 600 ${config}\`.\n`,
  });
});

/** Types into the terminal of a login once it asks. */
async function type(keys: string) {
  const child = spawn('script', ['-qec', `${join(rig.home, 'modelgraph')} login ${server.url}`, '/dev/null'], {
    env: { ...process.env, ...rig.env, SHELL: '/bin/bash' },
  });
  let shown = '';
  child.stdout.on('data', (data) => {
    const asked = shown.includes('Token for');
    shown += data;
    if (!asked && shown.includes('Token for')) child.stdin.write(keys);
  });
  const [code] = await once(child, 'close');
  return { code, shown };
}

function keep(current: string, contexts: object): void {
  writeFileSync(config, stringify({ current, contexts }));
  chmodSync(config, 0o600);
}

/** A gateway that knows one model and one token. */
async function wantToken(token: string) {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const { authorization } = request.headers;
    seen.push(authorization);
    const known = authorization === `Bearer ${token}`;
    const page = { nodes: [{ name: 'a' }], pageInfo: { hasNextPage: false, endCursor: null }, totalCount: 1 };
    const refused = { errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] };
    response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify(known ? { data: { page, registeredModels: page } } : refused));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
