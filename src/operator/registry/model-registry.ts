import type { KubeObject } from '../kube/kube-object.ts';
import type { TypeOf } from './schema-type.ts';
import type { SPEC_SCHEMA } from './spec-schema.ts';

/** What a ModelRegistry asks for, with the defaults of the CRD. */
export type RegistrySpec = TypeOf<typeof SPEC_SCHEMA>;

/** The custom resource. */
export interface ModelRegistry extends KubeObject {
  readonly spec: RegistrySpec;
  readonly status?: RegistryStatus;
}

/** What the operator tells of it. */
export interface RegistryStatus {
  /** The generation of the spec that the rest is about. */
  readonly observedGeneration: number;
  readonly conditions: readonly Condition[];
  /** Where the registry answers. */
  readonly hosts: readonly string[];
  /** Which of the stores it is. */
  readonly store: string;
  readonly image: string;
  /** Pods that are available, of those that are wanted. */
  readonly ready: string;
}

/** One of the three things that are told of a registry. */
export interface Condition {
  readonly type: 'Available' | 'Progressing' | 'Degraded';
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
  readonly observedGeneration: number;
}

/** Its namespace; a ModelRegistry always has one. */
export function namespaceOf({ metadata }: KubeObject): string {
  return metadata.namespace ?? '';
}
