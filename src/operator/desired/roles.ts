import type { V1PolicyRule } from '@kubernetes/client-node';

import { RESOURCES, VERBS } from '../../auth/permission.ts';
import type { KubeObject } from '../kube/kube-object.ts';
import { headOf, type Wanted } from './wanted.ts';

/** What users and editors get rights to: not the audit log, which tells what others do. */
const GRANTED = RESOURCES.filter((resource) => resource !== 'auditlog');

/** The API group of what the gateway asks about. No API server has it: RBAC decides about names alone. */
export const VIRTUAL_GROUP = 'modelgraph.dev';

/** The two roles, by what their names begin with, and what each may do. */
export const ROLES = {
  'registry-user': ['get', 'list'],
  'registry-editor': VERBS,
} as const satisfies Readonly<Record<string, readonly (typeof VERBS)[number][]>>;

/** One of {@link ROLES}. */
export type Role = keyof typeof ROLES;

/** What a role of this registry is called. */
export function roleName({ registry }: Wanted, role: Role): string {
  return `${role}-${registry.metadata.name}`;
}

/** The Roles of the registry; with roles of your own in a file there are none. */
export function roles(wanted: Wanted): KubeObject[] {
  if (wanted.registry.spec.auth.jwt) return [];
  return (['registry-user', 'registry-editor'] as const).map((role) => ({
    ...headOf(wanted, 'Role', roleName(wanted, role)),
    rules: [
      {
        apiGroups: [VIRTUAL_GROUP],
        resources: [...GRANTED],
        resourceNames: [wanted.registry.metadata.name],
        verbs: [...ROLES[role]],
      },
    ] satisfies V1PolicyRule[],
  }));
}
