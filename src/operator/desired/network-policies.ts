import type {
  V1NetworkPolicyEgressRule,
  V1NetworkPolicyIngressRule,
  V1NetworkPolicyPeer,
  V1NetworkPolicySpec,
} from '@kubernetes/client-node';

import type { KubeObject } from '../kube/kube-object.ts';
import { databaseOf } from './mlmd-config.ts';
import { type Component, componentName, headOf, METRICS_PORT, PORTS, selectorOf, type Wanted } from './wanted.ts';

/** What may reach the pods and what they may reach; everything else is denied. Probes of the kubelet always pass. */
export function networkPolicies(wanted: Wanted): KubeObject[] {
  const { mlmdServer } = wanted.registry.spec.store;
  const ingress = [from([], PORTS.gateway), ...metricsIngress(wanted)];
  const mlmdIngress = [from([podsOf(wanted, 'gateway')], PORTS.mlmd)];
  return [
    policy(wanted, 'gateway', ingress, gatewayEgress(wanted)),
    ...(mlmdServer ? [policy(wanted, 'mlmd', mlmdIngress, [DNS, to([databaseOf(mlmdServer).port])])] : []),
  ];
}

function policy(
  wanted: Wanted,
  component: Component,
  ingress: V1NetworkPolicyIngressRule[],
  egress: V1NetworkPolicyEgressRule[],
): KubeObject {
  return {
    ...headOf(wanted, 'NetworkPolicy', componentName(wanted, component)),
    spec: {
      podSelector: { matchLabels: selectorOf(wanted, component) },
      policyTypes: ['Ingress', 'Egress'],
      ingress,
      egress,
    } satisfies V1NetworkPolicySpec,
  };
}

/** Only Prometheus may read metrics: they ask nobody who they are. */
function metricsIngress({ registry }: Wanted): V1NetworkPolicyIngressRule[] {
  const { enabled, namespace } = registry.spec.monitoring;
  if (!enabled) return [];
  const prometheus = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } };
  return [from([prometheus], METRICS_PORT)];
}

/** From these peers, or from anywhere. */
function from(peers: V1NetworkPolicyPeer[], port: number): V1NetworkPolicyIngressRule {
  return { ...(peers.length > 0 ? { from: peers } : {}), ports: [{ protocol: 'TCP', port }] };
}

const DNS: V1NetworkPolicyEgressRule = {
  ports: [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ],
};

/** The API server is behind no label: its ports are the usual ones. */
const API_SERVER = [443, 6443];

function gatewayEgress(wanted: Wanted): V1NetworkPolicyEgressRule[] {
  const { store, auth } = wanted.registry.spec;
  const { mlmdServer, mlmd } = store;
  return [
    DNS,
    ...(mlmdServer ? [{ ...to([PORTS.mlmd]), to: [podsOf(wanted, 'mlmd')] }] : []),
    ...(mlmd ? [to([Number(mlmd.host.split(':').at(-1))])] : []),
    ...(auth.kubernetes ? [to(API_SERVER)] : []),
    ...(auth.authorino ? [to([portOf(auth.authorino.url)])] : []),
    ...(auth.jwt ? [to([portOf(auth.jwt.issuer)])] : []),
  ];
}

function to(ports: readonly number[]): V1NetworkPolicyEgressRule {
  return { ports: ports.map((port) => ({ protocol: 'TCP', port })) };
}

function podsOf(wanted: Wanted, component: Component): V1NetworkPolicyPeer {
  return { podSelector: { matchLabels: selectorOf(wanted, component) } };
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return Number(port) || (protocol === 'https:' ? 443 : 80);
}
