import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Permission } from '../../src/auth/permission.ts';
import { type Authorino, startAuthorino } from '../cluster/authorino.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { requireCluster } from '../cluster/require.ts';
import { sharedCluster } from '../cluster/shared-cluster.ts';
import { until } from '../cluster/until.ts';
import { decided } from './bearer.ts';
import { askRaw, type Guarded, openGuarded } from './guarded.ts';
import { knows } from './knows.ts';

const missing = requireCluster();
const SHIPPED = readFileSync('deploy/authorino/authconfig.yaml', 'utf8');

const INVALID = { status: 401, message: 'The token is not valid here.' };
const OK = { status: 200, message: undefined };
const AWAY = { status: 503, message: 'It cannot be found out now who you are; try again.' };
const audiences = ['modelgraph'];

describe.skipIf(missing !== undefined)(`the shipped AuthConfig ${missing ?? ''}`, { timeout: 180_000 }, () => {
  let cluster: Cluster;
  let namespace: string;
  let authorino: Authorino;
  let gateway: Guarded;
  beforeAll(async () => {
    cluster = await sharedCluster();
    namespace = await cluster.createNamespace('checks');
    authorino = await startAuthorino(cluster, namespace);
    for (const name of ['alice', 'bob']) await cluster.createServiceAccount(namespace, name);
    await cluster.kubectl(['apply', '-n', namespace, '-f', '-'], SHIPPED);
    await cluster.apply(rights(namespace));
    await authorino.knows('modelgraph');
    gateway = await openGuarded({ auth: ['authorino'], authorinoUrl: authorino.url });
  }, 180_000);
  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await authorino?.[Symbol.asyncDispose]();
  });

  const tokenOf = (who: string) => cluster.token(namespace, who, { audiences });

  test('says who it is', async () => {
    expect(await gateway.show(await tokenOf('alice'))).toEqual(OK);
    expect(gateway.callers.at(-1)).toEqual({
      name: `system:serviceaccount:${namespace}:alice`,
      groups: expect.arrayContaining([`system:serviceaccounts:${namespace}`]),
      by: 'authorino',
    });
  });

  test('knows no token of another audience, and nobody without one', async () => {
    expect(await gateway.show(await cluster.token(namespace, 'alice', { audiences: ['others'] }))).toEqual(INVALID);
    expect((await gateway.ask()).status).toBe(401);
  });

  const GET: Permission = { verb: 'get', resource: 'registeredmodels' };
  test.each<[string, 'alice' | 'bob', Permission, boolean]>([
    ['gives what a role gives', 'alice', GET, true],
    ['refuses another verb', 'alice', { ...GET, verb: 'update' }, false],
    ['refuses another resource', 'alice', { ...GET, resource: 'experiments' }, false],
    ['gives what a group has', 'bob', { verb: 'list', resource: 'lineage' }, true],
    ['refuses what nobody has', 'bob', GET, false],
  ])('%s', async (_what, who, permission, may) => {
    expect(await decided(gateway.policy, await tokenOf(who), permission)).toBe(may);
  });

  test('refuses a request without a body, and one with an empty verb', async () => {
    const token = await tokenOf('alice');
    expect((await authorino.check('modelgraph', { token })).status).toBe(403);
    expect((await authorino.check('modelgraph', { token, body: { verb: '', resource: '', name: '' } })).status).toBe(
      403,
    );
  });

  test('a host that Authorino does not know is 503', async () => {
    await using lost = await openGuarded({
      auth: ['authorino'],
      authorinoUrl: authorino.url,
      authorinoHost: 'nowhere',
    });
    expect(await lost.show(await tokenOf('alice'))).toEqual(AWAY);
  });

  test('an AuthConfig that does not say who it is lets nobody in, with 503', async () => {
    const silent = SHIPPED.replaceAll(/^( *(?:name:|-)) modelgraph\b/gm, '$1 silent').replace(
      /^ {2}response:[\s\S]*/m,
      '',
    );
    await cluster.kubectl(['apply', '-n', namespace, '-f', '-'], silent);
    await authorino.knows('silent');
    await using lost = await openGuarded({ auth: ['authorino'], authorinoUrl: authorino.url, authorinoHost: 'silent' });
    expect(await lost.show(await tokenOf('alice'))).toEqual(AWAY);
  });

  test.each<[string, () => Promise<readonly string[]>]>([
    ['two headers', async () => [`Authorization: Bearer ${await tokenOf('alice')}`, 'Authorization: Bearer x']],
    ['bytes that are no ASCII', async () => [`Authorization: Bearer ${await tokenOf('alice')}\xe9`]],
    ['a tab', async () => [`Authorization: Bearer\t${await tokenOf('alice')}`]],
    ['another scheme', async () => [`Authorization: APIKEY ${await tokenOf('alice')}`]],
    ['an empty header', async () => ['Authorization:']],
    ['a header of its own', async () => ['X-Modelgraph-User: {"name":"root"}']],
  ])('%s is refused', async (_what, headers) => {
    expect(await askRaw(gateway.url, ...(await headers()))).toMatch(/^HTTP\/1.1 401 /);
  });

  test('an outage is 503 for who and what is not known yet, never a pass, and it heals', async () => {
    await using own = await openGuarded({ auth: ['authorino', 'none'], authorinoUrl: authorino.url });
    const token = await tokenOf('alice');
    expect(await own.show(token)).toEqual(OK);
    const may = () => decided(own.policy, token, GET);
    await authorino.kill();
    expect(await own.show(token)).toEqual(OK); // known for a minute
    await expect(may()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    own.later(50_000);
    expect(await own.show(token)).toEqual(AWAY);
    await authorino.start();
    await authorino.knows('modelgraph');
    expect(await own.show(token)).toEqual(OK);
    expect(await may()).toBe(true);
  });

  test('an account that is gone is known for a minute at most', async () => {
    const token = await tokenOf('bob');
    expect(await gateway.show(token)).toEqual(OK);
    await cluster.kubectl(['delete', 'serviceaccount', '-n', namespace, 'bob']);
    expect(await gateway.show(token)).toEqual(OK);
    await until('the API server to forget the account', async () => !(await knows(cluster, token)));
    gateway.later(50_000);
    expect(await gateway.show(token)).toEqual(INVALID);
  });
});

function rights(namespace: string): string {
  return `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: ${namespace}-reader }
rules: [{ apiGroups: [modelgraph.dev], resources: [registeredmodels], resourceNames: [modelgraph], verbs: [get] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: ${namespace}-reader }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${namespace}-reader }
subjects: [{ kind: ServiceAccount, name: alice, namespace: ${namespace} }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: ${namespace}-all }
rules: [{ apiGroups: [modelgraph.dev], resources: [lineage], verbs: [list] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: ${namespace}-all }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${namespace}-all }
subjects: [{ kind: Group, name: 'system:serviceaccounts:${namespace}', apiGroup: rbac.authorization.k8s.io }]
`;
}
