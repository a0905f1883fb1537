import { type KubeObject, podOf, selects } from './kube-object.ts';

/** What is wrong with objects that are applied together, each in a line; nothing where all is as it has to be. */
export function lintManifest(objects: readonly KubeObject[]): string[] {
  return objects.flatMap((object) => [
    ...podFindings(object).map((finding) => `${object.kind} ${object.metadata.name}: ${finding}`),
    ...coverFindings(object, objects).map((finding) => `${object.kind} ${object.metadata.name}: ${finding}`),
    ...rightsFindings(object).map((finding) => `${object.kind} ${object.metadata.name}: ${finding}`),
  ]);
}

function podFindings(object: KubeObject): string[] {
  const spec = podOf(object)?.['spec'];
  if (spec === undefined) return [];
  const { securityContext: pod, containers, initContainers = [], volumes = [] } = spec;
  return [
    ...unless(pod?.runAsNonRoot === true && pod.runAsUser > 0, 'may run as root'),
    ...unless(pod?.seccompProfile?.type === 'RuntimeDefault', 'has no seccomp profile'),
    ...unless(typeof spec.automountServiceAccountToken === 'boolean', 'does not say whether it needs a token'),
    ...unless(!spec.automountServiceAccountToken || asksCluster(spec), 'has a token without a use for it'),
    ...unless(!spec.hostNetwork && !spec.hostPID && !spec.hostIPC, "shares the node's namespaces"),
    ...volumes.flatMap((volume: object) => unless(!('hostPath' in volume), "mounts the node's files")),
    ...[...containers, ...initContainers].flatMap(containerFindings),
    ...containers.flatMap(probeFindings),
  ];
}

// biome-ignore lint/suspicious/noExplicitAny: a container, from YAML
type Container = any;

function asksCluster({ containers }: { readonly containers: readonly Container[] }): boolean {
  return containers.some(({ args = [] }) => args.includes('--auth=kubernetes'));
}

function containerFindings({ name, image, securityContext: own, resources }: Container): string[] {
  return [
    ...unless(/@sha256:[0-9a-f]{64}$|:(?!latest$)[\w.-]*\d[\w.-]*$/.test(image), `${image} is of no fixed version`),
    ...unless(own?.readOnlyRootFilesystem === true, `${name} may write to its image`),
    ...unless(own?.allowPrivilegeEscalation === false, `${name} may gain rights`),
    ...unless(own?.capabilities?.drop?.includes('ALL') && !own.capabilities.add, `${name} has capabilities`),
    ...unless(!own?.privileged && own?.runAsUser !== 0, `${name} runs with all rights`),
    ...unless(resources?.limits?.memory && resources.limits.cpu, `${name} has no limits`),
    ...unless(resources?.requests?.memory && resources.requests.cpu, `${name} requests nothing`),
  ];
}

function probeFindings(container: Container): string[] {
  const probes = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;
  return probes.flatMap((probe) => unless(container[probe] !== undefined, `${container.name} has no ${probe}`));
}

/** Of pods: network policies that deny what none allows, and where several may be disrupted at once, how many. */
function coverFindings(object: KubeObject, objects: readonly KubeObject[]): string[] {
  const pod = podOf(object);
  if (pod === undefined) return [];
  const covering = (kind: string, selector: string) =>
    objects.filter((each) => each.kind === kind && selects(each['spec'][selector], pod.metadata.labels));
  const denying = covering('NetworkPolicy', 'podSelector').filter(
    ({ spec }) => spec.policyTypes.length === 2 && !spec.ingress && !spec.egress,
  );
  const budgets = covering('PodDisruptionBudget', 'selector').length;
  return [
    ...unless(denying.length > 0, 'no network policy denies by default'),
    ...unless(budgets === 1 || (budgets === 0 && object['spec'].replicas === 1), `${budgets} disruption budgets`),
  ];
}

function rightsFindings({ kind, rules, roleRef }: KubeObject): string[] {
  if (kind.endsWith('RoleBinding')) return unless(roleRef.name !== 'cluster-admin', 'binds cluster-admin');
  if (!kind.endsWith('Role')) return [];
  return rules.flatMap((rule: Readonly<Record<string, readonly string[]>>) => {
    const all = Object.keys(rule).filter((field) => rule[field]?.includes('*'));
    return all.map((field) => `* in ${field}`);
  });
}

function unless(isRight: unknown, finding: string): string[] {
  return isRight ? [] : [finding];
}
