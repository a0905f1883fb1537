import type { V1PodSpec, V1PodTemplateSpec, V1Probe, V1SecurityContext, V1Volume } from '@kubernetes/client-node';

import { type Component, componentName, labelsOf, selectorOf, type Wanted } from './wanted.ts';

/** User and group that all pods run as; the image has the user. */
const USER = 65_532;

/** What pod security `restricted` asks of a container, and a root file system that nothing writes to. */
export const RESTRICTED: V1SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** Seconds of a pod's end, as the manifests of deploy/base have them; `whole` has the longest request and some to spare. */
const GRACE_SECONDS = { preStop: 5, drain: 5, whole: 30 } as const;

/** Nodes hear of the end later than the pod does, and send it new connections until then. */
export const PRE_STOP = { preStop: { sleep: { seconds: GRACE_SECONDS.preStop } } };

/** Then the gateway says that it is not ready, and asks clients to give their connections up. */
export const DRAIN_ARGS = ['--drain-seconds', String(GRACE_SECONDS.drain)];

/** What the pods of a part have in common. */
export function podTemplate(
  wanted: Wanted,
  component: Component,
  annotations: Readonly<Record<string, string>>,
  spec: V1PodSpec,
): V1PodTemplateSpec {
  return {
    metadata: { labels: { ...labelsOf(wanted), ...selectorOf(wanted, component) }, annotations: { ...annotations } },
    spec: {
      serviceAccountName: componentName(wanted, component),
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: GRACE_SECONDS.whole,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: USER,
        runAsGroup: USER,
        fsGroup: USER,
        fsGroupChangePolicy: 'OnRootMismatch',
        seccompProfile: { type: 'RuntimeDefault' },
      },
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'kubernetes.io/hostname',
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels: selectorOf(wanted, component) },
        },
      ],
      ...spec,
    },
  };
}

/** A probe of a path of the gateway. */
export function httpProbe(path: string, probe: V1Probe): V1Probe {
  return { httpGet: { path, port: 'http' }, timeoutSeconds: 3, ...probe };
}

/** One value of a Secret as a file. */
export function secretVolume(name: string, secret: { readonly name: string; readonly key: string }): V1Volume {
  return { name, secret: { secretName: secret.name, items: [{ key: secret.key, path: secret.key }] } };
}
