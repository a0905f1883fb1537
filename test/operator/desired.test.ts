import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

import { desiredObjects } from '../../src/operator/desired/objects.ts';
import { nameOf } from '../../src/operator/kube/kube-object.ts';
import type { RegistrySpec } from '../../src/operator/registry/model-registry.ts';
import { MLMD_STORE, registryOf } from './sample.ts';

const DATABASE = {
  host: 'db.example.com',
  database: 'meta data',
  username: 'us"er',
  passwordSecret: { name: 'db', key: 'password' },
  tls: { caSecret: { name: 'db-ca', key: 'ca.crt' } },
};
const SERVER = {
  image: 'mlmd:1',
  resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '1', memory: '512Mi' } },
};

describe('the command line of the gateway', () => {
  test.each<[string, Partial<RegistrySpec>, string]>([
    [
      'embedded',
      {},
      '--db /data/modelgraph.db --auth kubernetes --kubernetes-audience modelgraph --authorize kubernetes --kubernetes-namespace shop',
    ],
    [
      'MLMD with TLS',
      { store: { mlmd: { host: 'mlmd:8080', tls: { caSecret: { name: 'ca', key: 'ca.crt' } } } } },
      '--mlmd mlmd:8080 --mlmd-tls --mlmd-ca /etc/modelgraph/mlmd-ca/ca.crt --auth kubernetes --kubernetes-audience modelgraph --authorize kubernetes --kubernetes-namespace shop',
    ],
    [
      "MLMD's own server and Authorino",
      {
        store: { mlmdServer: { ...SERVER, mysql: { ...DATABASE, port: 3306 } } },
        auth: { authorino: { url: 'http://authorino:5001', audience: 'modelgraph' } },
      },
      '--mlmd prod-mlmd:8080 --auth authorino --authorino-url http://authorino:5001 --authorino-host prod.shop.modelgraph',
    ],
    [
      'JWT',
      { store: MLMD_STORE, auth: { jwt: { issuer: 'https://i', audience: 'a', roles: 'r' } } },
      '--mlmd mlmd.example.com:8080 --auth jwt --jwt-issuer https://i --jwt-audience a --roles /etc/modelgraph/roles/roles.yaml',
    ],
    [
      'metrics',
      { store: MLMD_STORE, monitoring: { enabled: true, namespace: 'watch' } },
      '--mlmd mlmd.example.com:8080 --auth kubernetes --kubernetes-audience modelgraph --authorize kubernetes --kubernetes-namespace shop --metrics-port 9464',
    ],
    [
      'an audit log',
      { store: MLMD_STORE, audit: { enabled: true } },
      '--mlmd mlmd.example.com:8080 --auth kubernetes --kubernetes-audience modelgraph --authorize kubernetes --kubernetes-namespace shop --audit-log -',
    ],
  ])('%s', (_what, spec, rest) => {
    const [container] = podOf(spec, 'Deployment shop/prod').containers;
    expect(container.args.join(' ')).toBe(`serve --host 0.0.0.0 --port 4000 --drain-seconds 5 --registry prod ${rest}`);
  });
});

test('only Prometheus may reach metrics, and only where there are any', () => {
  const ingressOf = (enabled: boolean) => {
    const registry = registryOf({ monitoring: { enabled, namespace: 'watch' } });
    const objects = desiredObjects({ registry, defaultImage: 'i' });
    const policy = objects.find(({ kind }) => kind === 'NetworkPolicy');
    return Object(policy?.['spec']).ingress;
  };
  const clients = { ports: [{ protocol: 'TCP', port: 4000 }] };
  const watch = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'watch' } } };
  expect(ingressOf(false)).toEqual([clients]);
  expect(ingressOf(true)).toEqual([clients, { from: [watch], ports: [{ protocol: 'TCP', port: 9464 }] }]);
});

describe("the configuration of MLMD's server", () => {
  test.each([
    [
      'mysql',
      { mysql: { ...DATABASE, port: 3306 } },
      `connection_config {
  mysql {
    host: "db.example.com"
    port: 3306
    database: "meta\\040data"
    user: "us\\042er"
    password: "@PASSWORD@"
    ssl_options { ca: "/etc/mlmd/database-ca/ca.crt" verify_server_cert: true }
  }
}
migration_options { enable_upgrade_migration: true }
`,
    ],
    [
      'postgres',
      { postgres: { ...DATABASE, port: 5432 } },
      `connection_config {
  postgresql {
    host: "db.example.com"
    port: "5432"
    dbname: "meta\\134\\040data"
    skip_db_creation: true
    user: "us\\134\\042er"
    password: "@PASSWORD@"
    ssloption { sslmode: "verify-full" sslrootcert: "/etc/mlmd/database-ca/ca.crt" }
  }
}
migration_options { enable_upgrade_migration: true }
`,
    ],
  ])('%s', (_what, database, text) => {
    const found = objectsOf({ store: { mlmdServer: { ...SERVER, ...database } } });
    const configMap = found.find((object) => nameOf(object) === 'ConfigMap shop/prod-mlmd');
    expect(configMap?.data).toEqual({ 'mlmd.pbtxt.template': text });
  });

  test('has its password nowhere but in the Secret of the user', () => {
    const objects = objectsOf({ store: { mlmdServer: { ...SERVER, mysql: { ...DATABASE, port: 3306 } } } });
    expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    expect(JSON.stringify(objects)).not.toMatch(/secretKeyRef|_password/);
  });
});

describe('every pod', () => {
  const pods = [
    podOf({}, 'Deployment shop/prod'),
    ...['Deployment shop/prod', 'Deployment shop/prod-mlmd'].map((name) =>
      podOf({ store: { mlmdServer: { ...SERVER, postgres: { ...DATABASE, port: 5432 } } } }, name),
    ),
  ];

  test('has limits, a read-only root and no rights, and is probed', () => {
    for (const { containers, initContainers = [], securityContext } of pods) {
      expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      for (const container of [...containers, ...initContainers]) {
        expect(container.securityContext).toMatchObject({
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(Object.keys(container.resources.limits)).toEqual(['cpu', 'memory']);
      }
      expect(containers[0]).toMatchObject({ startupProbe: {}, livenessProbe: {}, readinessProbe: {} });
    }
  });

  test('gets a token only where the gateway asks the API server', () => {
    const tokenOf = (spec: Partial<RegistrySpec>) => podOf(spec, 'Deployment shop/prod').automountServiceAccountToken;
    expect(tokenOf({})).toBe(true);
    expect(tokenOf({ auth: { jwt: { issuer: 'https://i', audience: 'a', roles: 'r' } } })).toBe(false);
  });
});

test('a pod of the gateway ends as one of deploy/base does', () => {
  const [base] = parseAllDocuments(readFileSync('deploy/base/deployment.yaml', 'utf8')).map((each) => each.toJS());
  const endOf = (pod: ReturnType<typeof podOf>) => ({
    ...{ seconds: pod.terminationGracePeriodSeconds, preStop: pod.containers[0].lifecycle.preStop },
    drain: /--drain-seconds[ =](\d+)/.exec(pod.containers[0].args.join(' '))?.[1],
  });
  expect(endOf(podOf({}, 'Deployment shop/prod'))).toEqual(endOf(base.spec.template.spec));
});

test('one pod at a time has the file of the embedded store', () => {
  const strategyOf = (spec: Partial<RegistrySpec>) => deploymentOf(spec, 'Deployment shop/prod').strategy;
  expect(strategyOf({})).toEqual({ type: 'Recreate' });
  expect(strategyOf({ store: MLMD_STORE })).toEqual({
    type: 'RollingUpdate',
    rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
  });
});

test('network policies let in what asks, and out what is needed', () => {
  const portsOf = (spec: Partial<RegistrySpec>) =>
    objectsOf(spec)
      .filter(({ kind }) => kind === 'NetworkPolicy')
      // biome-ignore lint/suspicious/noExplicitAny: looks into a policy
      .flatMap(({ spec }: any) => spec.egress.map(({ ports }: any) => ports.map(({ port }: any) => port).join()));
  expect(portsOf({})).toEqual(['53,53', '443,6443']);
  expect(portsOf({ auth: { authorino: { url: 'http://authorino:5001', audience: 'a' } } })).toEqual(['53,53', '5001']);
  expect(portsOf({ store: MLMD_STORE, auth: { jwt: { issuer: 'https://i', audience: 'a', roles: 'r' } } })).toEqual([
    '53,53',
    '8080',
    '443',
  ]);
  expect(portsOf({ store: { mlmdServer: { ...SERVER, mysql: { ...DATABASE, port: 3307 } } } })).toEqual([
    '53,53',
    '8080',
    '443,6443',
    '53,53',
    '3307',
  ]);
});

function objectsOf(spec: Partial<RegistrySpec>) {
  return desiredObjects({ registry: registryOf(spec), defaultImage: 'modelgraph:1' });
}

// biome-ignore-start lint/suspicious/noExplicitAny: tests look into objects of every kind
function deploymentOf(spec: Partial<RegistrySpec>, name: string): any {
  return objectsOf(spec).find((object) => nameOf(object) === name)?.spec;
}

function podTemplateOf(spec: Partial<RegistrySpec>, name: string): any {
  return deploymentOf(spec, name).template;
}

function podOf(spec: Partial<RegistrySpec>, name: string): any {
  return podTemplateOf(spec, name).spec;
}
// biome-ignore-end lint/suspicious/noExplicitAny: tests look into objects of every kind
