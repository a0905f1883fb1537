import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Authorino, startAuthorino } from './authorino.ts';
import type { Cluster } from './cluster.ts';
import { requireCluster } from './require.ts';
import { sharedCluster } from './shared-cluster.ts';

const missing = requireCluster();

const READ = { verb: 'get', resource: 'registeredmodels', name: 'main' };

describe.skipIf(missing !== undefined)(`Authorino ${missing ?? ''}`, { timeout: 180_000 }, () => {
  let cluster: Cluster;
  let namespace: string;
  let authorino: Authorino;
  let host: string;
  const tokens = { reader: '', stranger: '', elsewhere: '' };
  beforeAll(async () => {
    cluster = await sharedCluster();
    namespace = await cluster.createNamespace('authorino');
    host = `${namespace}.test`;
    authorino = await startAuthorino(cluster, namespace);
    await cluster.createServiceAccount(namespace, 'reader');
    await cluster.createServiceAccount(namespace, 'stranger');
    tokens.reader = await cluster.token(namespace, 'reader', { audiences: ['modelgraph'] });
    tokens.stranger = await cluster.token(namespace, 'stranger', { audiences: ['modelgraph'] });
    tokens.elsewhere = await cluster.token(namespace, 'reader', { audiences: ['another'] });
    await cluster.apply(access(namespace, host));
    await authorino.knows(host);
  }, 180_000);
  afterAll(() => authorino?.[Symbol.asyncDispose]());

  test('has taken the AuthConfig', async () => {
    const ready = ['wait', '-n', namespace, '--for=condition=Ready', '--timeout=60s', 'authconfig/modelgraph'];
    expect(await cluster.kubectl(ready)).toContain('condition met');
  });

  test.each<[string, keyof typeof tokens | undefined, unknown, number]>([
    ['who may, by a role on a virtual resource', 'reader', READ, 200],
    ['another verb', 'reader', { ...READ, verb: 'update' }, 403],
    ['another resource', 'reader', { ...READ, resource: 'experiments' }, 403],
    ['another name', 'reader', { ...READ, name: 'other' }, 403],
    ['no body', 'reader', undefined, 403],
    ['who has no role', 'stranger', READ, 403],
    ['a token for another audience', 'elsewhere', READ, 401],
    ['no token', undefined, READ, 401],
  ])('%s', async (_title, who, body, status) => {
    const token = who === undefined ? {} : { token: tokens[who] };
    const decision = await authorino.check(host, { ...token, body });
    expect(decision.status).toBe(status);
    if (status === 200) expect(decision.headers['x-who']).toBe(`system:serviceaccount:${namespace}:reader`);
    else expect(decision.headers['x-ext-auth-reason']).toBeTruthy();
  });

  test('a host that no AuthConfig has', async () => {
    expect((await authorino.check('nobody.test', { token: tokens.reader, body: READ })).status).toBe(404);
  });

  test('decides again after it was killed', async () => {
    await authorino.kill();
    await expect(authorino.check(host)).rejects.toThrow('ECONNREFUSED');
    await authorino.start();
    await authorino.knows(host);
    expect((await authorino.check(host, { token: tokens.reader, body: READ })).status).toBe(200);
  });
});

function access(namespace: string, host: string): string {
  return `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader, namespace: ${namespace} }
rules: [{ apiGroups: [modelgraph.dev], resources: [registeredmodels], resourceNames: [main], verbs: [get] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: reader, namespace: ${namespace} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader }
subjects: [{ kind: ServiceAccount, name: reader, namespace: ${namespace} }]
---
apiVersion: authorino.kuadrant.io/v1beta3
kind: AuthConfig
metadata: { name: modelgraph, namespace: ${namespace} }
spec:
  hosts: ['${host}']
  authentication:
    service-account: { kubernetesTokenReview: { audiences: [modelgraph] } }
  authorization:
    rbac:
      kubernetesSubjectAccessReview:
        user: { selector: auth.identity.user.username }
        authorizationGroups: { selector: auth.identity.user.groups }
        resourceAttributes:
          namespace: { value: ${namespace} }
          group: { value: modelgraph.dev }
          verb: { selector: context.request.http.body.@fromstr.verb }
          resource: { selector: context.request.http.body.@fromstr.resource }
          name: { selector: context.request.http.body.@fromstr.name }
  response:
    success:
      headers:
        x-who: { plain: { selector: auth.identity.user.username } }
`;
}
