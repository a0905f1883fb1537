import type { V1Deployment } from '@kubernetes/client-node';

import type { KubeObject } from '../kube/kube-object.ts';
import type { Problem } from './problem.ts';

/** How far a Deployment is. */
export interface DeploymentState {
  readonly name: string;
  readonly wanted: number;
  readonly available: number;
  /** All pods are of the newest template, and the old ones are gone. */
  readonly settled: boolean;
  readonly problem: Problem | undefined;
}

/** What its status says. */
export function deploymentState(object: KubeObject): DeploymentState {
  const { metadata, spec, status = {} } = object as V1Deployment & KubeObject;
  const wanted = spec?.replicas ?? 1;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, observedGeneration = 0 } = status;
  const current = observedGeneration >= (metadata.generation ?? 0);
  return {
    name: metadata.name,
    wanted,
    available: availableReplicas,
    settled: current && updatedReplicas === wanted && replicas === wanted && availableReplicas === wanted,
    problem: problemOf(metadata.name, status),
  };
}

function problemOf(name: string, status: V1Deployment['status']): Problem | undefined {
  const failure = status?.conditions?.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  if (failure === undefined) return undefined;
  const { message = '' } = failure;
  const reason = /exceeded quota/.test(message) ? 'QuotaExceeded' : 'PodsRefused';
  return { reason, message: `Deployment ${name} cannot make its pods: ${message}` };
}
