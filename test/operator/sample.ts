import type { Facts, Seen } from '../../src/operator/reconcile.ts';
import { applicable } from '../../src/operator/reconcile.ts';
import type { ModelRegistry, RegistrySpec } from '../../src/operator/registry/model-registry.ts';

/** A spec as the API server gives it, with its defaults. */
export const SPEC: RegistrySpec = {
  replicas: 1,
  resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { cpu: '1', memory: '512Mi' } },
  store: { embedded: { volume: { size: '10Gi' } } },
  auth: { kubernetes: { audience: 'modelgraph' } },
  exposure: { service: { type: 'ClusterIP' } },
  monitoring: { enabled: false, namespace: 'monitoring' },
  audit: { enabled: false },
  deletionPolicy: 'Keep',
};

/** Its other stores. */
export const MLMD_STORE = { mlmd: { host: 'mlmd.example.com:8080' } } satisfies RegistrySpec['store'];

/** Facts of a cluster that has every kind. */
export const FACTS: Facts = { defaultImage: 'modelgraph:1', optionalKinds: new Set(['AuthConfig', 'HTTPRoute']) };

/** Nothing was made yet. */
export const NOTHING: Seen = { owned: [], pods: [] };

/** A ModelRegistry `shop/prod`. */
export function registryOf(
  spec: Partial<RegistrySpec> = {},
  more: Partial<ModelRegistry['metadata']> = {},
): ModelRegistry {
  return {
    apiVersion: 'modelgraph.dev/v1alpha1',
    kind: 'ModelRegistry',
    metadata: { name: 'prod', namespace: 'shop', uid: 'u-1', generation: 3, ...more },
    spec: { ...SPEC, ...spec },
  };
}

/** All that a registry is made of, as if it were there. */
export function madeOf(registry: ModelRegistry): Seen {
  return { owned: applicable({ registry, defaultImage: FACTS.defaultImage }, FACTS), pods: [] };
}
