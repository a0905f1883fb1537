import type {
  V1Container,
  V1ContainerPort,
  V1DeploymentSpec,
  V1DeploymentStrategy,
  V1Volume,
  V1VolumeMount,
} from '@kubernetes/client-node';

import type { KubeObject } from '../kube/kube-object.ts';
import { FOLDERS, gatewayArgs } from './gateway-args.ts';
import { httpProbe, PRE_STOP, podTemplate, RESTRICTED, secretVolume } from './pod.ts';
import { asksApiServer } from './service-account.ts';
import { headOf, METRICS_PORT, PORTS, selectorOf, type Wanted } from './wanted.ts';

/** Seconds that a new pod has to stay ready before the next old one goes. */
export const CALM_SECONDS = 5;

/** The image that serves. */
export function imageOf({ registry, defaultImage }: Wanted): string {
  return registry.spec.image ?? defaultImage;
}

/** The pods of the gateway. */
export function gatewayDeployment(wanted: Wanted): KubeObject {
  const { spec, metadata } = wanted.registry;
  const { files, mounts } = volumesOf(wanted);
  const container = gatewayContainer(wanted, mounts);
  return {
    ...headOf(wanted, 'Deployment', metadata.name),
    spec: {
      replicas: spec.replicas,
      minReadySeconds: CALM_SECONDS,
      revisionHistoryLimit: 3,
      progressDeadlineSeconds: 300,
      strategy: strategyOf(wanted),
      selector: { matchLabels: selectorOf(wanted, 'gateway') },
      template: podTemplate(wanted, 'gateway', annotationsOf(wanted), {
        automountServiceAccountToken: asksApiServer(wanted),
        containers: [container],
        volumes: files,
      }),
    } satisfies V1DeploymentSpec,
  };
}

/** One pod after the other; a file is let go by the old pod before the new one opens it. */
function strategyOf({ registry }: Wanted): V1DeploymentStrategy {
  if (registry.spec.store.embedded) return { type: 'Recreate' };
  return { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
}

function annotationsOf({ registry }: Wanted): Record<string, string> {
  if (!registry.spec.monitoring.enabled) return {};
  return {
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': String(METRICS_PORT),
    'prometheus.io/path': '/metrics',
  };
}

function gatewayContainer(wanted: Wanted, volumeMounts: V1VolumeMount[]): V1Container {
  const { requests, limits } = wanted.registry.spec.resources;
  return {
    name: 'gateway',
    image: imageOf(wanted),
    args: gatewayArgs(wanted),
    ports: portsOf(wanted),
    resources: { requests: { ...requests }, limits: { ...limits } },
    securityContext: RESTRICTED,
    volumeMounts,
    startupProbe: httpProbe('/healthz', { periodSeconds: 1, failureThreshold: 60 }),
    livenessProbe: httpProbe('/healthz', { periodSeconds: 10, failureThreshold: 3 }),
    readinessProbe: httpProbe('/readyz', { periodSeconds: 3, failureThreshold: 2 }),
    lifecycle: PRE_STOP,
  };
}

function portsOf({ registry }: Wanted): V1ContainerPort[] {
  const http = { name: 'http', containerPort: PORTS.gateway, protocol: 'TCP' };
  const metrics = { name: 'metrics', containerPort: METRICS_PORT, protocol: 'TCP' };
  return registry.spec.monitoring.enabled ? [http, metrics] : [http];
}

function volumesOf({ registry }: Wanted): { readonly files: V1Volume[]; readonly mounts: V1VolumeMount[] } {
  const { store, auth } = registry.spec;
  const files: V1Volume[] = [{ name: 'tmp', emptyDir: {} }];
  const mounts: V1VolumeMount[] = [{ name: 'tmp', mountPath: '/tmp' }];
  if (store.embedded) {
    files.push({ name: 'data', persistentVolumeClaim: { claimName: registry.metadata.name } });
    mounts.push({ name: 'data', mountPath: FOLDERS.data });
  }
  if (store.mlmd?.tls?.caSecret) {
    files.push(secretVolume('mlmd-ca', store.mlmd.tls.caSecret));
    mounts.push({ name: 'mlmd-ca', mountPath: FOLDERS.ca, readOnly: true });
  }
  if (auth.jwt) {
    files.push({ name: 'roles', configMap: { name: registry.metadata.name } });
    mounts.push({ name: 'roles', mountPath: FOLDERS.roles, readOnly: true });
  }
  return { files, mounts };
}
