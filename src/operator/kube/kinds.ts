/** Where the API server has a kind. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly clusterWide?: boolean;
}

/** Our own kind. */
export const MODEL_REGISTRY: Kind = {
  apiVersion: 'modelgraph.dev/v1alpha1',
  kind: 'ModelRegistry',
  plural: 'modelregistries',
};

/** Pods are read, never written: they tell why a Deployment does not come up. */
export const POD: Kind = { apiVersion: 'v1', kind: 'Pod', plural: 'pods' };

/** Who leads. */
export const LEASE: Kind = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', plural: 'leases' };

/** What people read with `kubectl describe`. */
export const EVENT: Kind = { apiVersion: 'v1', kind: 'Event', plural: 'events' };

/** The kinds that every cluster has and that a registry is made of. */
export const OWNED_KINDS: readonly Kind[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount', plural: 'serviceaccounts' },
  { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps' },
  { apiVersion: 'v1', kind: 'PersistentVolumeClaim', plural: 'persistentvolumeclaims' },
  { apiVersion: 'v1', kind: 'Service', plural: 'services' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', plural: 'roles' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', plural: 'rolebindings' },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    plural: 'clusterrolebindings',
    clusterWide: true,
  },
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', plural: 'networkpolicies' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', plural: 'ingresses' },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', plural: 'poddisruptionbudgets' },
  { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments' },
];

/** The kinds of others, which a cluster may have. */
export const OPTIONAL_KINDS = {
  authConfig: { apiVersion: 'authorino.kuadrant.io/v1beta3', kind: 'AuthConfig', plural: 'authconfigs' },
  httpRoute: { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', plural: 'httproutes' },
} as const satisfies Readonly<Record<string, Kind>>;

/** The kind of an object that we own, by its name. */
export function ownedKind(name: string): Kind {
  const found = [...OWNED_KINDS, ...Object.values(OPTIONAL_KINDS)].find(({ kind }) => kind === name);
  if (found === undefined) throw new Error(`nobody owns a ${name}`);
  return found;
}

/** The path of all objects of a kind, of those of a namespace, or of one. */
export function pathOf(kind: Kind, namespace?: string, name?: string): string {
  const group = kind.apiVersion === 'v1' ? '/api/v1' : `/apis/${kind.apiVersion}`;
  const within = namespace === undefined || kind.clusterWide ? '' : `/namespaces/${namespace}`;
  return `${group}${within}/${kind.plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}
