import type { V1PodDisruptionBudgetSpec } from '@kubernetes/client-node';

import type { KubeObject } from '../kube/kube-object.ts';
import { headOf, selectorOf, type Wanted } from './wanted.ts';

/** How many pods of the gateway a drained node may take at once. A single pod may be moved: nothing else can be done. */
export function disruptionBudget(wanted: Wanted): KubeObject {
  return {
    ...headOf(wanted, 'PodDisruptionBudget', wanted.registry.metadata.name),
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: selectorOf(wanted, 'gateway') },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    } satisfies V1PodDisruptionBudgetSpec,
  };
}
