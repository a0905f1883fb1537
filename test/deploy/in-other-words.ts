import type { KubeObject } from './kube-object.ts';

/** The Deployment of the gateway. */
export function gatewayOf(objects: readonly KubeObject[]): KubeObject {
  const found = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'modelgraph');
  if (found === undefined) throw new Error('there is no Deployment modelgraph');
  return found;
}

/** Labels and fields by which Helm and kustomize tell their own. */
const OWN = [
  'app.kubernetes.io/instance',
  'app.kubernetes.io/version',
  'app.kubernetes.io/managed-by',
  'helm.sh/chart',
];

/** Objects without what differs between the chart and the overlays but means the same, by kind and name. */
export function sameWords(objects: readonly KubeObject[]): Record<string, unknown> {
  const values = Object.assign({}, ...objects.filter(({ kind }) => kind === 'ConfigMap').map(({ data }) => data));
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.filter((each) => !isReference(each)).map(plain);
    if (typeof value === 'string') return value.replaceAll(/\$\((\w+)\)/g, (whole, name) => values[name] ?? whole);
    if (typeof value !== 'object' || value === null) return value;
    const fields = Object.entries(value).filter(([name]) => !OWN.includes(name) && name !== 'annotations');
    return Object.fromEntries(fields.map(([name, each]) => [name, plain(each)]));
  };
  const named = objects
    .filter(({ kind }) => kind !== 'ConfigMap')
    .map((object) => {
      const { metadata, ...rest } = object;
      return [`${object.kind} ${metadata.name}`, plain(withoutDefaults(rest))] as const;
    });
  return Object.fromEntries(named);
}

/** Kustomize's way to say a value in one place; the chart has a values file for that. */
function isReference(each: unknown): boolean {
  return /^{"name":"\w+","valueFrom":{"configMapKeyRef"/.test(JSON.stringify(each) ?? '');
}

/** The chart says of images when to pull them, as Kubernetes does by itself. */
function withoutDefaults(object: object): unknown {
  return JSON.parse(JSON.stringify(object), (name, value) =>
    name === 'imagePullPolicy' && value === 'IfNotPresent' ? undefined : value,
  );
}
