import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';

import { crdText } from '../../tools/crd-text.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { requireCluster } from '../cluster/require.ts';
import { sharedCluster } from '../cluster/shared-cluster.ts';
import { install, MLMD_SERVER, registryPath, registryText } from './rig.ts';

const missing = requireCluster();
const MLMD = { mlmd: { host: 'mlmd:8080' } };
const DATABASE = { host: 'db', database: 'm', username: 'u', passwordSecret: { name: 's' } };

test('deploy/operator/crd.yaml is printed from the schema', () => {
  const printed = crdText() === readFileSync('deploy/operator/crd.yaml', 'utf8');
  expect(printed, 'the schema has changed: run npm run print-crd and commit it').toBe(true);
});

describe.skipIf(missing !== undefined)(`the CRD ${missing ?? ''}`, { timeout: 180_000 }, () => {
  let cluster: Cluster;
  let namespace: string;
  beforeAll(async () => {
    cluster = await sharedCluster();
    await install(cluster);
    namespace = await cluster.createNamespace('crd');
  }, 180_000);

  test.each([
    ['no store', {}, 'spec.store: Required value'],
    ['a store without a kind', { store: {} }, 'name exactly one store: embedded, mlmd or mlmdServer'],
    ['two stores', { store: { ...MLMD, embedded: {} } }, 'name exactly one store'],
    ['two pods on one file', { replicas: 2, store: { embedded: {} } }, 'the embedded store is one file'],
    ['too many pods', { replicas: 21, store: MLMD }, 'less than or equal to 20'],
    ['a server without a database', { store: { mlmdServer: {} } }, 'name exactly one database: postgres or mysql'],
    ['two databases', { store: { mlmdServer: { postgres: DATABASE, mysql: DATABASE } } }, 'name exactly one database'],
    ['a host without a port', { store: { mlmd: { host: 'mlmd' } } }, 'spec.store.mlmd.host in body should match'],
    ['a host with an option', { store: { mlmd: { host: '--db=x:1' } } }, 'spec.store.mlmd.host in body should match'],
    ['a password in the spec', { store: { mlmdServer: { mysql: { ...DATABASE, password: 'x' } } } }, 'unknown field'],
    ['an odd size', { store: { embedded: { volume: { size: 'ten' } } } }, 'volume.size in body should match'],
    [
      'no issuer',
      { store: MLMD, auth: { jwt: { audience: 'a', roles: 'r' } } },
      'spec.auth.jwt.issuer: Required value',
    ],
    [
      'two kinds of auth',
      { store: MLMD, auth: { kubernetes: {}, authorino: { url: 'http://a:1' } } },
      'exactly one kind of auth',
    ],
    ['users without a kind of auth', { store: MLMD, auth: { users: [] } }, 'exactly one kind of auth'],
    [
      'users beside roles',
      { store: MLMD, auth: { jwt: { issuer: 'https://i', audience: 'a', roles: 'r' }, users: [] } },
      'with jwt the roles say who may do what',
    ],
    [
      'an odd subject',
      { store: MLMD, auth: { kubernetes: {}, users: [{ kind: 'Robot', name: 'r' }] } },
      'Unsupported value: "Robot"',
    ],
    [
      'an odd type of Service',
      { store: MLMD, exposure: { service: { type: 'Public' } } },
      'Unsupported value: "Public"',
    ],
    ['an Ingress without a host', { store: MLMD, exposure: { ingress: {} } }, 'exposure.ingress.host: Required value'],
    ['an image with a blank', { store: MLMD, image: 'a b' }, 'spec.image in body should match'],
    ['a typo', { store: MLMD, replica: 1 }, 'unknown field "spec.replica"'],
    ['an odd policy', { store: MLMD, deletionPolicy: 'Burn' }, 'Unsupported value: "Burn"'],
  ])('refuses %s', async (_what, spec, sentence) => {
    const { status, body } = await create('prod', spec);
    expect([status >= 400 && status < 500, body.message]).toEqual([true, expect.stringContaining(sentence)]);
  });

  test.each([['Prod'], ['7up'], ['a.b'], ['a'.repeat(41)]])('refuses the name %s', async (name) => {
    const { status } = await create(name, { store: MLMD });
    expect(status).toBe(422);
  });

  test.each([
    ['embedded', { store: { embedded: {} } }],
    ['mlmd', { store: MLMD }],
    ['server', { replicas: 3, store: MLMD_SERVER }],
    ['zero', { replicas: 0, store: { embedded: {} } }],
    ['authorino', { store: MLMD, auth: { authorino: { url: 'http://authorino.auth.svc:5001' }, users: [] } }],
  ])('takes %s, with defaults', async (name, spec) => {
    expect((await create(name, spec)).status).toBe(201);
    const { body } = await cluster.request('GET', registryPath(namespace, name));
    expect(body.spec).toMatchObject({
      deletionPolicy: 'Keep',
      exposure: { service: { type: 'ClusterIP' } },
      resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { cpu: '1', memory: '512Mi' } },
      ...spec,
    });
    if (name !== 'authorino') expect(body.spec.auth).toEqual({ kubernetes: { audience: 'modelgraph' } });
    if (name === 'embedded') expect(body.spec.store).toEqual({ embedded: { volume: { size: '10Gi' } } });
  });

  test('refuses to leave the embedded store, whose metadata would stay behind', async () => {
    expect((await create('moved', { store: { embedded: {} } })).status).toBe(201);
    const patch = { spec: { store: { embedded: null, ...MLMD } } };
    const options = { contentType: 'application/merge-patch+json' };
    const { status, body } = await cluster.request('PATCH', registryPath(namespace, 'moved'), patch, options);
    expect([status, body.message]).toEqual([422, expect.stringContaining('metadata does not move by itself')]);
  });

  test('shows what matters in a table', async () => {
    await create('listed', { store: MLMD });
    const table = await cluster.kubectl(['get', 'mreg', 'listed', '--namespace', namespace]);
    expect(table.split('\n')[0]?.split(/ +/)).toEqual(['NAME', 'AVAILABLE', 'HEALTH', 'STORE', 'READY', 'AGE']);
  });

  async function create(name: string, spec: unknown) {
    const path = registryPath(namespace, '').replace(/\/$/, '?fieldValidation=Strict');
    return cluster.request('POST', path, JSON.parse(registryText(namespace, name, spec)));
  }
});
