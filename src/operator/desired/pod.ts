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

/** Seconds in which a pod that is told to go is still sent requests, and those in which it may finish them. */
const GRACE_SECONDS = { announce: 5, whole: 45 } as const;

/** Lets go on for a while: endpoints hear of the end later than the pod does. */
export const PRE_STOP = { preStop: { sleep: { seconds: GRACE_SECONDS.announce } } };

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
