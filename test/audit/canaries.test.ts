import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { newKey, type SigningKey, sign } from '../auth/identity-provider.ts';
import { addressOf, type Running, run, start } from '../process.ts';
import { openFolder } from '../store-file-rig.ts';

/** What no log, body, line of audit or report may have: each looks like what it is, and is found by the same word. */
const WORD = 'kanarienvogel';
const CANARIES: Readonly<Record<string, string>> = {
  authorization: `Bearer ${WORD}-opaque-token`,
  cookie: `session=${WORD}-cookie`,
  'x-api-key': `${WORD}-api-key`,
  'proxy-authorization': `Basic ${Buffer.from(`user:${WORD}`).toString('base64')}`,
  'x-forwarded-user': `${WORD}-user`,
  'x-forwarded-for': `${WORD}-address`,
  'idempotency-key': `${WORD}-key`,
  'x-client-key': `-----BEGIN PRIVATE KEY-----${WORD}-----END PRIVATE KEY-----`,
  'user-agent': `${WORD}-agent`,
  referer: `https://a.example/?code=${WORD}-code`,
};
const IN_URL = `access_token=${WORD}-in-url&dsn=mysql://root:${WORD}-dsn@db/x`;

/** The word, and what it looks like in Base64 wherever it begins. */
const FOUND = new RegExp(
  [
    WORD,
    ...[0, 1, 2].map((skip) =>
      Buffer.from(`${'x'.repeat(skip)}${WORD}`)
        .toString('base64')
        .slice(4, -4),
    ),
  ].join('|'),
);

/** Requests that go well, are not right, are refused, or fail, by every door of HTTP. */
const REQUESTS: readonly (readonly [method: string, path: string, body?: string])[] = [
  ['POST', '/graphql', '{"query":"{ registeredModels { nodes { name } } }"}'],
  ['POST', '/graphql', '{"query":"{ nothing }"}'],
  ['POST', '/graphql', '{"query":"{ artifact(databaseId: \\"x\\") { id } }"}'],
  ['POST', '/graphql', '{"query":"mutation { createExperiment(input: { name: \\"e\\" }) { userErrors { code } } }"}'],
  ['POST', '/graphql', '{"query":'],
  ['GET', '/graphql?query={__typename}'],
  ['DELETE', '/graphql'],
  ['GET', '/api/model_registry/v1/registered_models'],
  ['GET', '/api/model_registry/v1/registered_models?pageSize=x'],
  ['GET', '/api/model_registry/v1/registered_models/999'],
  ['POST', '/api/model_registry/v1/registered_models', '{"name":"m"}'],
  ['POST', '/api/model_registry/v1/registered_models', '{'],
  ['PATCH', '/api/modelgraph/v1/nothing', '{}'],
  ['GET', '/api/modelgraph/v1/lineage?of=artifact:1&direction=NONE'],
  ['GET', '/nothing'],
  ['GET', '/%ff'],
  ['GET', '/readyz'],
];

const ROUNDS = 100;

describe('secrets', () => {
  let key: SigningKey;
  let folder: ReturnType<typeof openFolder>;

  beforeAll(async () => {
    key = await newKey('k1');
    folder = openFolder();
    writeFileSync(folder.file('keys.json'), JSON.stringify({ keys: [key.publicJwk] }));
    writeFileSync(
      folder.file('roles.yaml'),
      'roles:\n  r: [{verbs: [get, list], resources: ["*"]}]\nsubjects: [{groups: ["system:authenticated"], roles: [r]}]\n',
    );
  });

  afterAll(() => folder[Symbol.dispose]());

  const jwt = () => [
    ...['--auth', 'jwt', '--jwt-issuer', 'https://idp.example', '--jwt-audience', 'modelgraph'],
    ...['--jwt-jwks', folder.file('keys.json'), '--roles', folder.file('roles.yaml')],
  ];

  test.each(['none', 'jwt', 'a store that is away'])('are told by nobody: %s', { timeout: 300_000 }, async (mode) => {
    const store = mode.startsWith('a') ? ['--mlmd', '127.0.0.1:9'] : ['--db', folder.file(`${mode}.db`)];
    const audit = folder.file(`${mode.slice(0, 4)}.jsonl`);
    const options = ['--port', '0', '--grpc-port', '0', '--log-level', 'trace', '--audit-log', audit];
    const flags = ['--report-on-signal', `--report-directory=${folder.file('')}`];
    await using gateway = start(['serve', ...store, ...options, ...(mode === 'jwt' ? jwt() : [])], { flags });
    const url = await addressOf(gateway);
    const [, grpc = ''] = await gateway.seen(/gRPC at (\S+)/);
    // A token that is taken: its signature is a secret, too.
    const token = await sign(key, { iss: 'https://idp.example', aud: 'modelgraph', sub: 'someone' });
    const signature = token.split('.')[2] ?? token;
    let bodies = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      await Promise.all(
        REQUESTS.map(async ([method, path, body]) => {
          const own = round % 2 === 0 ? {} : { authorization: `Bearer ${token}` };
          const headers = { ...CANARIES, 'content-type': 'application/json', ...own };
          const response = await fetch(`${url}${path}${path.includes('?') ? '&' : '?'}${IN_URL}`, {
            ...{ method, headers },
            ...(body !== undefined && { body }),
          });
          const text = `${await response.text()} ${JSON.stringify([...response.headers])}`;
          bodies += 1;
          expect(text).not.toMatch(FOUND);
          expect(text).not.toContain(signature);
        }),
      );
    }
    expect(bodies).toBe(ROUNDS * REQUESTS.length);
    for (const details of await rpcs(grpc)) expect(details).not.toMatch(FOUND);
    await reported(gateway, folder.file(''));
    gateway.kill('SIGTERM');
    await gateway.ended();

    expect(gateway.stderr.split('\n').length).toBeGreaterThan(ROUNDS * REQUESTS.length);
    for (const text of [gateway.stdout, gateway.stderr, readFileSync(audit, 'utf8'), ...reports(folder.file(''))]) {
      expect(FOUND.exec(text)).toBeNull();
      expect(text.includes(signature)).toBe(false);
    }
  });

  test('a password in the address of a server is not told', async () => {
    for (const address of [`root:${WORD}@db:8080`, `${WORD}@db:8080`]) {
      const { code, stderr } = await run(['serve', '--mlmd', address, '--port', '0']);
      expect([code, stderr]).toEqual([2, "modelgraph: '…@db:8080' is not HOST:PORT, such as localhost:8080.\n"]);
    }
  });
});

/** What RPCs with canaries are told. */
async function rpcs(address: string): Promise<readonly string[]> {
  const client = new Client(address, credentials.createInsecure());
  const metadata = new Metadata();
  for (const name of ['authorization', 'cookie', 'x-api-key']) metadata.set(name, CANARIES[name] ?? '');
  const asIs = (bytes: Buffer) => bytes;
  const ask = (path: string, bytes: Buffer) =>
    new Promise<string>((resolve) => {
      const told = (error: Error | null) => resolve(String(error));
      client.makeUnaryRequest(`/ml_metadata.MetadataStoreService/${path}`, asIs, asIs, bytes, metadata, told);
    });
  const answers: string[] = [];
  for (let count = 0; count < 100; count += 1) {
    for (const [path, bytes] of [
      ['GetArtifacts', ''],
      ['PutContexts', 'xx'],
      ['Nothing', ''],
    ] as const)
      answers.push(await ask(path, Buffer.from(bytes)));
  }
  client.close();
  return answers;
}

/** Waits for the report that Node writes of a process that is in trouble. */
async function reported(gateway: Running, folder: string): Promise<void> {
  const before = reports(folder).length;
  gateway.kill('SIGUSR2');
  await expect.poll(() => reports(folder).length, { timeout: 20_000 }).toBe(before + 1);
}

function reports(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => name.startsWith('report.') && name.endsWith('.json'));
  return names.map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
}
