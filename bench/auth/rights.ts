/** The rights of the account `alice` of a namespace to everything, as objects of Kubernetes. */
export function rightsIn(namespace: string): string {
  return `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: ${namespace}-all }
rules: [{ apiGroups: [modelgraph.dev], resources: ['*'], resourceNames: [modelgraph], verbs: ['*'] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: ${namespace}-all }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${namespace}-all }
subjects: [{ kind: ServiceAccount, name: alice, namespace: ${namespace} }]
`;
}
