import { MODEL_REGISTRY, ownedKind } from '../kube/kinds.ts';
import type { KubeObject, OwnerReference } from '../kube/kube-object.ts';
import { type ModelRegistry, namespaceOf } from '../registry/model-registry.ts';

/** What the objects of a registry are made from. */
export interface Wanted {
  readonly registry: ModelRegistry;
  /** The image where the spec names none. */
  readonly defaultImage: string;
}

/** A part of a registry that has pods. */
export type Component = 'gateway' | 'mlmd';

/** The label by which the operator finds all that it made. */
export const MANAGED_BY = { 'app.kubernetes.io/managed-by': 'modelgraph-operator' } as const;

/** The label with the namespace of the registry, on what lies outside of any. */
export const NAMESPACE_LABEL = 'modelgraph.dev/namespace';

/** Where a gateway has its metrics. */
export const METRICS_PORT = 9_464;

/** Ports of the two parts. */
export const PORTS = { gateway: 4000, mlmd: 8080 } as const satisfies Record<Component, number>;

/** The labels of all that belongs to a registry. */
export function labelsOf({ registry }: Wanted): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'modelgraph',
    'app.kubernetes.io/instance': registry.metadata.name,
    ...MANAGED_BY,
  };
}

/** The labels by which the pods of a part are chosen. They can never change: a Deployment keeps its selector. */
export function selectorOf({ registry }: Wanted, component: Component): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'modelgraph',
    'app.kubernetes.io/instance': registry.metadata.name,
    'app.kubernetes.io/component': component,
  };
}

/** What the objects of a part are called. */
export function componentName({ registry }: Wanted, component: Component): string {
  return component === 'gateway' ? registry.metadata.name : `${registry.metadata.name}-${component}`;
}

/** Kind and metadata of an object that goes with its registry. */
export function headOf(wanted: Wanted, kind: string, name: string): KubeObject {
  const head = keptHeadOf(wanted, kind, name);
  return { ...head, metadata: { ...head.metadata, ownerReferences: [ownerOf(wanted.registry)] } };
}

/** Kind and metadata of an object that stays when its registry goes. */
export function keptHeadOf(wanted: Wanted, kind: string, name: string): KubeObject {
  const { apiVersion } = ownedKind(kind);
  const namespace = namespaceOf(wanted.registry);
  return { apiVersion, kind, metadata: { name, namespace, labels: labelsOf(wanted) } };
}

function ownerOf({ metadata }: ModelRegistry): OwnerReference {
  const { apiVersion, kind } = MODEL_REGISTRY;
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true, blockOwnerDeletion: true };
}
