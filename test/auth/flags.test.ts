import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';

import { checkAuthOptions } from '../../src/commands/auth/check-options.ts';
import { openPolicy } from '../../src/commands/auth/open-policy.ts';
import { type AuthOptions, addAuthOptions } from '../../src/commands/auth/options.ts';
import { readTlsFiles } from '../../src/commands/tls.ts';
import { createLog } from '../../src/observe.ts';
import { run, start } from '../process.ts';
import { askTls } from './ask-tls.ts';
import { makeCertificates, requireOpenssl } from './certificates.ts';
import { askRaw } from './guarded.ts';
import { newKey, sign, startIdentityProvider } from './identity-provider.ts';

const ROLES = resolve('test/auth/any-roles.yaml');
const JWT = `--auth jwt --jwt-issuer https://a.example --jwt-audience modelgraph --roles ${ROLES}`;

/** The options that a line means. */
function parse(line: string): AuthOptions {
  const command = addAuthOptions(new Command('serve').exitOverride().configureOutput({ writeErr: () => {} }));
  return command
    .parse(
      line.split(' ').filter((word) => word !== ''),
      { from: 'user' },
    )
    .opts<AuthOptions & Record<string, unknown>>();
}

describe('what fits together', () => {
  test.each<[string, string, string, object]>([
    ['nothing, on loopback', '', '127.0.0.1', { modes: ['none'] }],
    ['nothing, meant for all', '--allow-unauthenticated', '0.0.0.0', { modes: ['none'] }],
    ['a roles file alone', `--roles ${ROLES}`, '::1', { modes: ['none'], decider: 'roles' }],
    ['tokens, for all', JWT, '0.0.0.0', { modes: ['jwt'], decider: 'roles' }],
    ['tokens or nothing, on loopback', `${JWT} --auth none`, 'localhost', { modes: ['jwt', 'none'], decider: 'roles' }],
    ['a cluster', '--auth kubernetes', '0.0.0.0', { modes: ['kubernetes'], decider: 'kubernetes' }],
    [
      'a cluster with a roles file',
      `--auth kubernetes --roles ${ROLES}`,
      '::',
      { modes: ['kubernetes'], decider: 'roles' },
    ],
    [
      'Authorino',
      '--auth authorino --authorino-url http://a:5001',
      '::',
      { modes: ['authorino'], decider: 'authorino' },
    ],
    [
      'tokens that a cluster decides about',
      `${JWT} --authorize kubernetes --kubeconfig k`.replace(`--roles ${ROLES}`, ''),
      '0.0.0.0',
      { modes: ['jwt'], decider: 'kubernetes' },
    ],
    [
      'several by commas',
      '--auth kubernetes,authorino --authorino-url http://a',
      '::',
      { modes: ['kubernetes', 'authorino'], decider: 'kubernetes' },
    ],
  ])('%s', (_what, line, host, choice) => {
    expect(checkAuthOptions(host, parse(line))).toEqual(choice);
  });
});

describe('what does not is told in a sentence', () => {
  const modes = 'none, jwt, kubernetes, authorino, certificate, proxy';
  test.each<[string, string, string]>([
    [
      '',
      '0.0.0.0',
      'Everyone who can reach 0.0.0.0 could read and write: choose how callers are known with --auth, or add --allow-unauthenticated if that is meant.',
    ],
    [`--auth jwt,none ${JWT.slice('--auth jwt '.length)}`, '0.0.0.0', 'Everyone who can reach 0.0.0.0'],
    ['--auth none --roles r', '192.0.2.1', 'Everyone who can reach 192.0.2.1'],
    [`--auth none,jwt`, '::1', '--auth none lets in who shows nothing, so it comes last.'],
    ['--auth jwt --auth jwt', '::1', '--auth has a mode twice.'],
    ['--auth jwt', '::1', '--auth jwt needs --jwt-issuer URL.'],
    ['--auth jwt --jwt-issuer https://a.example', '::1', '--auth jwt needs --jwt-audience NAME.'],
    ['--jwt-audience a', '::1', '--jwt-audience needs --auth jwt.'],
    ['--jwt-algorithm ES256', '::1', '--jwt-algorithm needs --auth jwt.'],
    [
      '--auth jwt --jwt-issuer http://a.example --jwt-audience a',
      '::1',
      'Keys are read over https only, and http://a.example is no such address.',
    ],
    ['--auth jwt --jwt-issuer a.example --jwt-audience a', '::1', 'a.example is no such address'],
    ['--auth jwt --jwt-issuer https://u:p@a.example --jwt-audience a', '::1', 'is no such address'],
    [
      '--auth jwt --jwt-issuer https://a.example --jwt-audience a --jwt-jwks http://b.example/keys',
      '::1',
      'http://b.example/keys is no such address',
    ],
    [`${JWT} --jwt-issuer https://b.example --jwt-jwks keys.json`, '::1', '--jwt-jwks goes with one --jwt-issuer.'],
    [
      '--auth jwt --jwt-issuer https://a.example --jwt-audience a',
      '::1',
      'Nobody would be allowed anything: add --roles FILE, or --authorize kubernetes or authorino.',
    ],
    ['--authorize roles', '::1', 'Nobody would be allowed anything'],
    ['--auth kubernetes --authorize kubernetes --roles r', '::1', '--roles goes with --authorize roles.'],
    ['--kubernetes-audience a', '::1', '--kubernetes-audience needs --auth kubernetes.'],
    ['--kubeconfig k', '::1', '--kubeconfig needs --auth kubernetes, or --authorize kubernetes.'],
    ['--auth authorino', '::1', 'Authorino needs --authorino-url URL.'],
    ['--authorino-host a', '::1', '--authorino-host needs --auth authorino, or --authorize authorino.'],
    ['--auth proxy', '::1', '--auth proxy needs --trusted-proxy NAME.'],
    ['--trusted-proxy loopback', '::1', '--trusted-proxy needs --auth proxy.'],
    [
      '--auth proxy --trusted-proxy front',
      '::1',
      '--trusted-proxy with the name of a certificate needs --tls-client-ca FILE.',
    ],
    ['--auth certificate', '::1', '--auth certificate needs --tls-client-ca FILE.'],
    ['--tls-cert a', '::1', '--tls-cert needs --tls-key FILE.'],
    ['--tls-client-ca a', '::1', '--tls-client-ca needs --tls-cert FILE.'],
  ])('%s at %s', (line, host, problem) => {
    expect(() => checkAuthOptions(host, parse(line))).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(() => checkAuthOptions(host, parse(line))).toThrow(problem);
  });

  test.each<[string, string]>([
    ['--auth ldap', `allowed choices are ${modes}`],
    ['--auth jwt,', `allowed choices are ${modes}`],
    ['--jwt-algorithm HS256', 'allowed choices are RS256, '],
    ['--jwt-algorithm none', 'allowed choices are RS256, '],
    ['--registry Fraud', 'it has to be 1 to 63 small letters, digits and hyphens, with no hyphen at an end'],
    ['--registry -a', 'it has to be 1 to 63 small letters'],
    ['--authorize ldap', 'Allowed choices are roles, kubernetes, authorino'],
    ['--proxy-user-header a:b', 'it has to be the name of a header'],
  ])('%s', (line, problem) => {
    expect(() => parse(line)).toThrow(new RegExp(problem, 'i'));
  });

  test.each<[string, string]>([
    ['--auth kubernetes --kubeconfig none', 'The kubeconfig none cannot be read.'],
    ['--auth kubernetes', 'This is no pod of a cluster: say with --kubeconfig FILE which cluster to ask.'],
    [
      '--auth authorino --authorino-url ftp://a',
      "--authorino-url has to be an address such as https://authorino.authorino.svc:5001, and 'ftp://a' is not.",
    ],
    ['--auth authorino --authorino-url https://a --authorino-ca none', 'The file none cannot be read.'],
    ['--roles none', 'The roles file none cannot be read: it has to be a file of at most 1 MiB.'],
  ])('%s', async (line, problem) => {
    const opening = openPolicy({ host: '::1', options: parse(line), log: createLog('silent') });
    await expect(opening).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message: problem });
  });

  const CLUSTER = '{ name: c, cluster: { server: "https://127.0.0.1:1" } }';
  const kubeconfig = (user: string, cluster = CLUSTER, context = 'x') =>
    `current-context: ${context}\ncontexts: [{ name: x, context: { cluster: c, user: u } }]\nclusters: [${cluster}]\nusers: [{ name: u, user: ${user} }]\n`;
  test.each<[string, string, string]>([
    [
      'a program to run',
      kubeconfig('{ exec: { command: sh } }'),
      'has exec, which ModelGraph does not use; give a token or a client certificate.',
    ],
    ['a password', kubeconfig('{ username: a, password: b }'), 'has username, which'],
    ['another to speak for', kubeconfig('{ token: a, as: b }'), 'has as, which'],
    [
      'a server that is not checked',
      kubeconfig('{ token: a }', CLUSTER.replace('" }', '", insecure-skip-tls-verify: true }')),
      'has insecure-skip-tls-verify, which',
    ],
    ['plain HTTP', kubeconfig('{ token: a }', CLUSTER.replace('https', 'http')), 'names no server with https.'],
    ['no such context', kubeconfig('{ token: a }', CLUSTER, 'y'), "has no context 'y'."],
    ['no such cluster', kubeconfig('{ token: a }', CLUSTER.replace('c,', 'd,')), "has no cluster 'c'."],
    ['a key that is not there', kubeconfig('{ client-key: nowhere }'), 'names cannot be read.'],
    ['a text', 'text', "has no context ''."],
  ])('a kubeconfig with %s', async (_what, text, problem) => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-flags-'));
    const file = join(folder.path, 'config');
    writeFileSync(file, text);
    const options = { ...parse('--auth kubernetes'), kubeconfig: file };
    const opening = openPolicy({ host: '::1', options, log: createLog('silent') });
    await expect(opening).rejects.toThrow(problem);
    await expect(opening).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

const missing = requireOpenssl();

describe.skipIf(missing !== undefined)(`certificate files ${missing ?? ''}`, () => {
  test('that are none, or another key, are told', () => {
    using made = makeCertificates();
    using other = makeCertificates();
    const { cert, key, ca } = made.files;
    const read = (tlsCert: string, tlsKey: string, tlsClientCa: string) =>
      readTlsFiles({ ...parse(''), tlsCert, tlsKey, tlsClientCa });
    expect(read(cert, key, ca)).toMatchObject({ clientCa: readFileSync(ca) });
    expect(() => read(cert, other.files.key, ca)).toThrow('are not a certificate and its own key.');
    expect(() => read(cert, key, key)).toThrow(`${key} holds no certificate.`);
    expect(() => read('none', key, ca)).toThrow('The file none cannot be read.');
  });

  test('serve TLS by HTTP and gRPC, and the welcome says so', async () => {
    using made = makeCertificates();
    using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-flags-'));
    const { cert, key, ca } = made.files;
    const tls = [
      '--auth',
      'certificate',
      '--roles',
      ROLES,
      '--tls-cert',
      cert,
      '--tls-key',
      key,
      '--tls-client-ca',
      ca,
    ];
    await using gateway = start(['serve', '--port', '0', '--host', '0.0.0.0', ...tls], { cwd: folder.path });
    const [, port = ''] = await gateway.seen(/https:\/\/0\.0\.0\.0:(\d+)\/graphql/);
    const url = `https://127.0.0.1:${port}`;
    expect(await askTls(url, { ca: made.ca, ...made.client('/CN=alice') })).toMatchObject({ status: 200 });
    expect(await askTls(url, { ca: made.ca })).toMatchObject({ status: 401 });
  });
});

describe('a process', () => {
  test('does not start with a roles file that is wrong, and says where', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-flags-'));
    writeFileSync(join(folder.path, 'roles.yaml'), 'roles: {}\nsubjects: [{ users: [a], roles: [b] }]\n');
    const ended = await run(['serve', '--port', '0', '--roles', 'roles.yaml'], { cwd: folder.path });
    expect(ended).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining("roles.yaml:2:34: There is no role 'b'; there is none."),
    });
  });

  test('logs no token, wherever a client puts it', async () => {
    const canary = 'canary-7d1f';
    const key = await newKey('a');
    await using provider = await startIdentityProvider(key);
    using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-flags-'));
    const flags = ['--auth', 'jwt', '--jwt-issuer', provider.issuer, '--jwt-audience', 'modelgraph', '--roles', ROLES];
    await using gateway = start(['serve', '--port', '0', '--log-level', 'trace', ...flags], { cwd: folder.path });
    const [, url = ''] = await gateway.seen(/(http:\/\/\S+)\/graphql/);
    const token = await sign(key, { iss: provider.issuer, sub: canary });
    const [, , signature = ''] = token.split('.');
    for (const path of [
      '/graphql',
      `/graphql?query={__typename}&access_token=${token}`,
      `/api/x?${token}`,
      `/healthz?${token}`,
    ]) {
      const headers = { authorization: `Bearer ${token}`, cookie: `session=${canary}`, 'accept-version': canary };
      await fetch(`${url}${path}`, { headers: { ...headers, 'x-forwarded-user': canary } });
      await fetch(`${url}${path}`, { headers: { ...headers, authorization: `Bearer ${token}x` } });
    }
    provider.failing = 500;
    expect(
      await askRaw(url, `Authorization: Bearer ${token.replace(/^[^.]+/, header({ alg: 'ES256', kid: 'new' }))}`),
    ).toMatch(/ 401 | 503 /);
    gateway.kill('SIGTERM');
    expect(await gateway.ended()).toBe(0);
    expect(gateway.stderr).toContain('"path":"/graphql"');
    for (const secret of [canary, token, signature]) expect(`${gateway.stdout}${gateway.stderr}`).not.toContain(secret);
  });

  function header(value: object): string {
    return Buffer.from(JSON.stringify(value)).toString('base64url');
  }
});
