import type { KubeObject } from '../kube/kube-object.ts';
import { type Component, componentName, headOf, type Wanted } from './wanted.ts';

/** The account of the pods of a part. Pods that ask the API server nothing get no token of it. */
export function serviceAccount(wanted: Wanted, component: Component): KubeObject {
  return { ...headOf(wanted, 'ServiceAccount', componentName(wanted, component)), automountServiceAccountToken: false };
}

/** Whether the gateway asks the API server who comes and what they may do. */
export function asksApiServer({ registry }: Wanted): boolean {
  return registry.spec.auth.kubernetes !== undefined;
}
