import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

import { requireCluster } from '../cluster/require.ts';
import { type OwnCluster, startCluster } from '../cluster/start-cluster.ts';
import { until } from '../cluster/until.ts';
import type { Running } from '../process.ts';
import { type Call, type Fate, type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import {
  install,
  MLMD_SERVER,
  OPERATOR_NAMESPACE,
  ownedNames,
  registryText,
  runOperator,
  stopOperator,
  untilConditions,
} from './rig.ts';

const missing = requireCluster();

/** Kinds of others, as far as the operator cares. */
const FOREIGN_KINDS = [
  ['authorino.kuadrant.io', 'v1beta3', 'AuthConfig', 'authconfigs'],
  ['gateway.networking.k8s.io', 'v1', 'HTTPRoute', 'httproutes'],
] as const;

/** A registry of as many kinds as there are, then one of few, so that each kind is made, changed and deleted. */
const RICH = {
  replicas: 0,
  store: MLMD_SERVER,
  auth: { authorino: { url: 'http://authorino:5001' }, users: [{ kind: 'Group', name: 'data-science' }] },
  exposure: { ingress: { host: 'a.example.com' }, gateway: { host: 'b.example.com', name: 'public' } },
};
const POOR = {
  replicas: 0,
  store: { mlmd: { host: 'mlmd:8080' } },
  auth: { jwt: { issuer: 'https://issuer.example.com', audience: 'modelgraph', roles: 'reader: []' } },
};
const VOLUME = { replicas: 0, store: { embedded: {} } };

/** What no watch tells is found by the next list. */
const RELIST = ['--relist-seconds', '10'];

/** Namespaces in which the failing calls are spread. */
const LIVES = 16;

const FATES: readonly Fate[] = ['refuse', 'cut', 'lose'];

describe.skipIf(missing !== undefined)(`an operator whose calls fail ${missing ?? ''}`, { timeout: 400_000 }, () => {
  const calls = new Map<string, Call>();
  let mute = false;
  /** Which call fails in which namespace, and how; it fails once. */
  const faults = new Map<string, Fate>();
  let cluster: OwnCluster;
  let proxy: FaultProxy;
  let operator: Running;
  beforeAll(async () => {
    cluster = await startCluster({ controllers: true });
    await install(cluster);
    for (const [group, version, kind, plural] of FOREIGN_KINDS) {
      await cluster.apply(foreignKind(group, version, kind, plural));
    }
    proxy = await startFaultProxy(
      cluster,
      (call) => {
        const text = textOf(call);
        const first = !calls.has(text);
        calls.set(text, call);
        const place = `${call.namespace} ${text}`;
        const fate = faults.get(place);
        faults.delete(place);
        // What concerns no registry fails at its first time.
        const common = call.namespace === '' && call.resource !== 'clusterrolebindings';
        return fate ?? (first && (common || call.namespace === OPERATOR_NAMESPACE) ? 'refuse' : 'pass');
      },
      () => mute,
    );
    const token = await cluster.token(OPERATOR_NAMESPACE, 'modelgraph-operator', { expirationSeconds: 3_600 });
    operator = runOperator(await proxy.kubeconfig(token, OPERATOR_NAMESPACE), ...RELIST);
    await operator.seen(/"watching"/);
  }, 180_000);
  afterAll(async () => {
    if (operator) await stopOperator(operator).finally(() => operator[Symbol.asyncDispose]());
    await proxy?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
  });

  test('makes, changes and deletes a registry when none fails', () => live('calm'));

  test('does so when each of them fails once, in each way', async () => {
    const repeated = [...calls].filter(([, { namespace }]) => namespace.startsWith('calm-')).map(([text]) => text);
    expect(repeated.length).toBeGreaterThan(50);
    // Some of them in each life, far apart: one after the other they would only try the patience.
    const lives = Array.from({ length: LIVES }, (_, life) => () => {
      const own = repeated.map((text, index) => [text, FATES[index % FATES.length] ?? 'cut', index] as const);
      return live('fault', ...own.filter(([, , index]) => index % LIVES === life));
    });
    await inParallel(4, lives);
    expect([...faults]).toEqual([]);
  });

  test('needs each right that it has, and was refused none', () => {
    const used = new Set([...calls.values()].map(({ verb, group, resource }) => `${verb} ${group}/${resource}`));
    // Server-side apply of what is not there creates it.
    for (const each of [...used]) {
      if (each.startsWith('patch ') && !/modelregistries/.test(each)) used.add(each.replace('patch', 'create'));
    }
    const granted = rightsIn('deploy/operator/rbac.yaml');
    expect(granted.filter((right) => /\*/.test(right) || /secrets/.test(right))).toEqual([]);
    expect(granted.filter((right) => !used.has(right)).filter((right) => !NOT_CALLED.test(right))).toEqual([]);
    expect(operator.stderr).not.toMatch(/is forbidden/);
  });

  test('sees what changes though no watch tells it', async () => {
    const namespace = await cluster.createNamespace('mute');
    mute = true;
    await cluster.apply(registryText(namespace, 'prod', VOLUME));
    await untilConditions(cluster, namespace, 'prod', 'Progressing=False Settled');
    await cluster.apply(registryText(namespace, 'prod', { ...VOLUME, image: 'modelgraph:next' }));
    await until('the next image', async () => {
      const { body } = await cluster.request('GET', `/apis/apps/v1/namespaces/${namespace}/deployments/prod`);
      return body.spec.template.spec.containers[0].image === 'modelgraph:next';
    });
    mute = false;
  });

  /** From the first apply to the end, with calls that fail. */
  async function live(prefix: string, ...failing: readonly (readonly [string, Fate, number])[]): Promise<void> {
    const namespace = await cluster.createNamespace(prefix);
    for (const [call, fate] of failing) faults.set(`${namespace} ${call}`, fate);
    const settled = (name: string) =>
      untilConditions(cluster, namespace, name, 'Available=False ScaledToZero', 'Progressing=False Settled');
    await cluster.apply(registryText(namespace, 'prod', RICH));
    await cluster.apply(registryText(namespace, 'volume', VOLUME));
    await Promise.all([settled('prod'), settled('volume')]);
    await cluster.request('DELETE', `/api/v1/namespaces/${namespace}/services/prod`);
    await cluster.apply(registryText(namespace, 'prod', POOR));
    await until('few objects', async () => {
      const names = await ownedNames(cluster, namespace);
      return names.filter((name) => !name.includes('volume')).join() === FEW.join();
    });
    await settled('prod');
    const registries = `/apis/modelgraph.dev/v1alpha1/namespaces/${namespace}/modelregistries`;
    await cluster.request('DELETE', `${registries}/prod`);
    await cluster.request('DELETE', `${registries}/volume`);
    await until(`the end of both in ${namespace}, despite ${failing.join()}`, async () => {
      const { body } = await cluster.request('GET', registries);
      return body.items.length === 0;
    });
  }
});

/** What is left of the poor registry. */
const FEW = [
  'ConfigMap/prod',
  'Deployment/prod',
  'NetworkPolicy/prod',
  'PodDisruptionBudget/prod',
  'Service/prod',
  'ServiceAccount/prod',
];

/** Rights that are asked about when a call is decided, and are no calls: to bind, to pass on, to own. */
const NOT_CALLED =
  /^bind |^(get|list|create|update|archive) modelgraph\.dev\/(?!modelregistries)|modelregistries\/finalizers$/;

function textOf({ verb, group, resource, name, dryRun }: Call): string {
  const kept = name.replace(/^modelgraph:[^:]+:/, 'modelgraph:…:');
  return `${verb} ${group}/${resource} ${kept}${dryRun ? ' (rehearsed)' : ''}`;
}

function foreignKind(group: string, version: string, kind: string, plural: string): string {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return JSON.stringify({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}`, annotations: { 'api-approved.kubernetes.io': 'unapproved, for a test' } },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  });
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** `VERB GROUP/RESOURCE` of all that the operator itself may do. */
function rightsIn(file: string): string[] {
  const roles = parseAllDocuments(readFileSync(file, 'utf8'))
    .map((document) => document.toJS() as { kind: string; metadata: { name: string }; rules?: readonly Rule[] })
    .filter(({ kind, metadata }) => /Role$/.test(kind) && metadata.name === 'modelgraph-operator');
  return roles.flatMap(({ rules = [] }) =>
    rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`)),
      ),
    ),
  );
}

async function inParallel(count: number, works: readonly (() => Promise<void>)[]): Promise<void> {
  const left = [...works];
  const worker = async () => {
    for (let work = left.shift(); work !== undefined; work = left.shift()) await work();
  };
  await Promise.all(Array.from({ length: count }, worker));
}
