import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { parseRoles } from '../../src/auth/roles/parse-roles.ts';
import { checkAuthOptions } from '../../src/commands/auth/check-options.ts';
import type { AuthOptions } from '../../src/commands/auth/options.ts';
import { defineServe } from '../../src/commands/define.ts';
import { requireCluster } from '../cluster/require.ts';
import { sharedCluster } from '../cluster/shared-cluster.ts';
import { post } from '../harness.ts';
import { run, start } from '../process.ts';
import { blocksOf, sectionOf } from '../readme.ts';
import { askTls } from './ask-tls.ts';
import { type Certificates, makeCertificates, requireOpenssl } from './certificates.ts';
import { newKey, sign, startIdentityProvider } from './identity-provider.ts';

const page = readFileSync('docs/security.md', 'utf8');
const exec = promisify(execFile);

/** The commands of a section, each on one line. */
function commandsOf(section: string): string[] {
  return blocksOf(sectionOf(page, section), 'sh').flatMap((block) =>
    block
      .replaceAll(/\\\n\s*/g, '')
      .trim()
      .split('\n'),
  );
}

/** The flags of the section's `modelgraph serve`. */
function flagsOf(section: string): string[] {
  const [line = ''] = commandsOf(section).filter((command) => command.startsWith('modelgraph serve'));
  return line.split(' ').slice(2);
}

const SECTIONS = ['none', 'jwt', 'kubernetes', 'authorino', 'certificate', 'proxy'];

test.each(SECTIONS)('the flags of %s are right, and fit together', (section) => {
  const command = new Command('serve').exitOverride();
  defineServe(command);
  // Only what it is given is looked at, not done.
  const { host, ...options } = command
    .action(() => {})
    .parse(flagsOf(section), { from: 'user' })
    .opts<AuthOptions & { host: string }>();
  const { modes } = checkAuthOptions(host, options);
  expect(modes).toEqual([section]);
});

/** A folder with the roles files of the page. */
function openFolder() {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-security-'));
  const [roles = ''] = blocksOf(sectionOf(page, 'Who may do what'), 'yaml');
  const [open = ''] = blocksOf(sectionOf(page, 'none'), 'yaml');
  expect([parseRoles('roles', roles).subjects.length, parseRoles('open', open).subjects.length]).toEqual([2, 1]);
  writeFileSync(join(folder.path, 'roles.yaml'), roles);
  writeFileSync(join(folder.path, 'open-roles.yaml'), open);
  return folder;
}

const CREATE =
  'mutation { createRegisteredModel(input: { name: "churn" }) { registeredModel { name } userErrors { code } } }';

test('none: who shows nothing may read and not write', async () => {
  using folder = openFolder();
  await using gateway = start(['serve', ...flagsOf('none'), '--port', '0'], { cwd: folder.path });
  const [, url = ''] = await gateway.seen(/http:\/\/(\S+)\/graphql/);
  const [curl = ''] = commandsOf('none').filter((command) => command.startsWith('curl'));
  const { stdout } = await exec('sh', ['-c', curl.replace('localhost:4000', url)]);
  const [told = ''] = blocksOf(sectionOf(page, 'none'), 'json');
  expect(JSON.parse(stdout)).toEqual(JSON.parse(told));
  expect(await post(`http://${url}`, { query: '{ registeredModels { nodes { name } } }' })).toMatchObject({
    status: 200,
  });
});

test('jwt: groups have their roles, whoever is known may read', async () => {
  const key = await newKey('a');
  await using provider = await startIdentityProvider(key);
  using folder = openFolder();
  const flags = flagsOf('jwt').map((flag) => (flag.startsWith('https://') ? provider.issuer : flag));
  await using gateway = start(['serve', ...flags, '--port', '0'], { cwd: folder.path });
  const [, port = ''] = await gateway.seen(/http:\/\/0\.0\.0\.0:(\d+)\/graphql/);
  const ask = async (claims: object) => {
    const authorization = `Bearer ${await sign(key, { iss: provider.issuer, ...claims })}`;
    return (await post(`http://127.0.0.1:${port}`, { query: CREATE }, { authorization })).status;
  };
  expect([await ask({}), await ask({ groups: [] }), await ask({ sub: 'alice@example.org', groups: [] })]).toEqual([
    200, 403, 200,
  ]);
  expect((await post(`http://127.0.0.1:${port}`, { query: CREATE })).status).toBe(401);
});

const noOpenssl = requireOpenssl();

describe.skipIf(noOpenssl !== undefined)(`with certificates ${noOpenssl ?? ''}`, () => {
  let made: Certificates;
  let folder: ReturnType<typeof openFolder>;
  beforeAll(() => {
    made = makeCertificates();
    folder = openFolder();
    const at = (name: string) => join(folder.path, name);
    copyFileSync(made.files.cert, at('server.pem'));
    copyFileSync(made.files.key, at('server.key'));
    for (const name of ['ca.pem', 'clients.pem']) copyFileSync(made.files.ca, at(name));
    const { cert, key } = made.client('/CN=alice');
    writeFileSync(at('alice.pem'), cert);
    writeFileSync(at('alice.key'), key);
  });
  afterAll(() => {
    made[Symbol.dispose]();
    folder.remove();
  });

  test('certificate: curl with one reads, over REST', async () => {
    const flags = flagsOf('certificate').map((flag) => (flag === '8080' ? '0' : flag));
    await using gateway = start(['serve', ...flags, '--port', '0'], { cwd: folder.path });
    const [, port = ''] = await gateway.seen(/https:\/\/0\.0\.0\.0:(\d+)\/graphql/);
    const [curl = ''] = commandsOf('certificate').filter((command) => command.startsWith('curl'));
    const { stdout } = await exec('sh', ['-c', curl.replace(':4000', `:${port}`)], { cwd: folder.path });
    expect(JSON.parse(stdout)).toMatchObject({ items: [], size: 0 });
  });

  test('proxy: the certificate of that name speaks for others', async () => {
    await using gateway = start(['serve', ...flagsOf('proxy'), '--port', '0'], { cwd: folder.path });
    const [, port = ''] = await gateway.seen(/https:\/\/0\.0\.0\.0:(\d+)\/graphql/);
    const url = `https://127.0.0.1:${port}`;
    const named = { 'x-forwarded-user': 'alice' };
    expect(await askTls(url, { ca: made.ca, ...made.client('/CN=front') }, named)).toMatchObject({ status: 200 });
    expect(await askTls(url, { ca: made.ca, ...made.client('/CN=back') }, named)).toMatchObject({ status: 401 });
  });
});

const noCluster = requireCluster();

describe.skipIf(noCluster !== undefined)(`with a cluster ${noCluster ?? ''}`, { timeout: 180_000 }, () => {
  test('kubernetes: the account of the page reads with the token that the page makes', async () => {
    using folder = openFolder();
    const cluster = await sharedCluster();
    const [yaml = ''] = blocksOf(sectionOf(page, 'kubernetes'), 'yaml');
    await cluster.apply(yaml);
    const serviceAccount = (name: string) =>
      `apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: ${name}, namespace: default }\n`;
    await cluster.apply(serviceAccount('alice'));
    const kubeconfig = await cluster.kubeconfigOf(await cluster.token('default', 'modelgraph'), 'default');
    const flags = [...flagsOf('kubernetes'), '--kubeconfig', kubeconfig, '--port', '0'];
    await using gateway = start(['serve', ...flags], { cwd: folder.path });
    const [, port = ''] = await gateway.seen(/http:\/\/0\.0\.0\.0:(\d+)\/graphql/);
    const [create = '', list = ''] = commandsOf('kubernetes').slice(1);
    const token = await cluster.kubectl(create.split(' > ')[0]?.split(' ').slice(1) ?? []);
    writeFileSync(join(folder.path, 'token'), token);
    const listed = await run(list.replace('GATEWAY:4000', `127.0.0.1:${port}`).split(' ').slice(1), {
      cwd: folder.path,
    });
    expect(listed).toMatchObject({ code: 0 });
    const created = ['models', 'create', 'churn', '--server', `http://127.0.0.1:${port}`, '--token-file', 'token'];
    expect(await run(created, { cwd: folder.path })).toMatchObject({ code: 0 });
    await cluster.delete(yaml);
    await cluster.delete(serviceAccount('alice'));
  });
});
