import type { V1PersistentVolumeClaimSpec } from '@kubernetes/client-node';

import type { KubeObject } from '../kube/kube-object.ts';
import { headOf, keptHeadOf, type Wanted } from './wanted.ts';

/** The volume of the embedded store. It goes with its registry only where that was asked for. */
export function volumeClaim(wanted: Wanted): KubeObject[] {
  const { store, deletionPolicy } = wanted.registry.spec;
  if (store.embedded === undefined) return [];
  const { size, storageClassName } = store.embedded.volume;
  const head = deletionPolicy === 'Delete' ? headOf : keptHeadOf;
  return [
    {
      ...head(wanted, 'PersistentVolumeClaim', wanted.registry.metadata.name),
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: size } },
        ...(storageClassName === undefined ? {} : { storageClassName }),
      } satisfies V1PersistentVolumeClaimSpec,
    },
  ];
}
