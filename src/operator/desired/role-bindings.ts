import type { RbacV1Subject } from '@kubernetes/client-node';

import type { KubeObject } from '../kube/kube-object.ts';
import { namespaceOf } from '../registry/model-registry.ts';
import { type Role, roleName } from './roles.ts';
import { asksApiServer } from './service-account.ts';
import { headOf, keptHeadOf, NAMESPACE_LABEL, type Wanted } from './wanted.ts';

const RBAC = 'rbac.authorization.k8s.io';

/** Who has the Roles, as far as the ModelRegistry says; others may bind them too. */
export function roleBindings(wanted: Wanted): KubeObject[] {
  const { users = [], editors = [] } = wanted.registry.spec.auth;
  return [...binding(wanted, 'registry-user', users), ...binding(wanted, 'registry-editor', editors)];
}

type Subjects = NonNullable<Wanted['registry']['spec']['auth']['users']>;

function binding(wanted: Wanted, role: Role, subjects: Subjects): KubeObject[] {
  if (subjects.length === 0) return [];
  const name = roleName(wanted, role);
  return [
    {
      ...headOf(wanted, 'RoleBinding', name),
      roleRef: { apiGroup: RBAC, kind: 'Role', name },
      subjects: subjects.map((subject) => toSubject(subject, namespaceOf(wanted.registry))),
    },
  ];
}

function toSubject({ kind, name, namespace }: Subjects[number], own: string): RbacV1Subject {
  return kind === 'ServiceAccount' ? { kind, name, namespace: namespace ?? own } : { apiGroup: RBAC, kind, name };
}

/** The right to ask the API server who comes and what they may do, where the gateway asks. It lies in no namespace. */
export function authDelegator(wanted: Wanted): KubeObject[] {
  if (!asksApiServer(wanted)) return [];
  const { name } = wanted.registry.metadata;
  const namespace = namespaceOf(wanted.registry);
  const { apiVersion, kind, metadata } = keptHeadOf(wanted, 'ClusterRoleBinding', `modelgraph:${namespace}:${name}`);
  const labels = { ...metadata.labels, [NAMESPACE_LABEL]: namespace };
  return [
    {
      apiVersion,
      kind,
      metadata: { name: metadata.name, labels },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'system:auth-delegator' },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
  ];
}
