import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';

import { OPTIONAL_KINDS } from '../kube/kinds.ts';
import type { KubeObject } from '../kube/kube-object.ts';
import type { RegistrySpec } from '../registry/model-registry.ts';
import type { Problem } from './problem.ts';

interface AuthConfig extends KubeObject {
  readonly status?: { readonly conditions?: readonly { type: string; status: string; message?: string }[] };
}

/** What objects of others tell: the AuthConfig of Authorino, the volume. */
export function objectProblem(object: KubeObject): Problem | undefined {
  if (object.kind === OPTIONAL_KINDS.authConfig.kind) return authConfigProblem(object as AuthConfig);
  if (object.kind === 'PersistentVolumeClaim') return volumeProblem(object as V1PersistentVolumeClaim & KubeObject);
  return undefined;
}

function authConfigProblem({ metadata, status }: AuthConfig): Problem | undefined {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status === 'True') return undefined;
  const why = ready?.message || 'Authorino has not taken it yet. Is one running that watches this namespace?';
  return { reason: 'AuthConfigNotReady', message: `AuthConfig ${metadata.name}: ${why}` };
}

function volumeProblem({ metadata, status }: V1PersistentVolumeClaim & KubeObject): Problem | undefined {
  if (status?.phase !== 'Lost') return undefined;
  return {
    reason: 'VolumeLost',
    message: `PersistentVolumeClaim ${metadata.name} has lost its volume: restore a backup.`,
  };
}

/** Kinds that the spec needs and this cluster does not have. */
export function missingKindProblem(spec: RegistrySpec, optionalKinds: ReadonlySet<string>): Problem | undefined {
  const { authConfig, httpRoute } = OPTIONAL_KINDS;
  if (spec.auth.authorino && !optionalKinds.has(authConfig.kind)) {
    const message = `This cluster has no ${authConfig.apiVersion} ${authConfig.kind}: install Authorino, or choose auth.kubernetes.`;
    return { reason: 'AuthorinoMissing', message };
  }
  if (spec.exposure.gateway && !optionalKinds.has(httpRoute.kind)) {
    const message = `This cluster has no ${httpRoute.apiVersion} ${httpRoute.kind}: install the Gateway API, or choose exposure.ingress.`;
    return { reason: 'GatewayApiMissing', message };
  }
  return undefined;
}
