import type { KubeObject } from './kube/kube-object.ts';

/** Lists that the API server merges item by item, and by which of their fields it knows an item. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  env: ['name'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  ports: ['name'],
  ownerReferences: ['uid'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
};

/**
 * Whether what is seen lacks anything of what is wanted. What others have put in besides (fields, labels, containers of
 * their own) is no difference; one more item in a list that counts as a whole, such as the subjects of a binding, is.
 */
export function differs(wanted: KubeObject, seen: KubeObject): boolean {
  return lacks('', wanted, seen);
}

function lacks(name: string, wanted: unknown, seen: unknown): boolean {
  if (Array.isArray(wanted)) return listLacks(name, wanted, Array.isArray(seen) ? seen : []);
  if (isRecord(wanted)) {
    // The server leaves out what is empty.
    const fields = isRecord(seen) ? seen : {};
    return Object.entries(wanted).some(([key, value]) => lacks(key, value, fields[key]));
  }
  return wanted !== undefined && wanted !== seen;
}

function listLacks(name: string, wanted: readonly unknown[], seen: readonly unknown[]): boolean {
  const keys = KEYS[name];
  if (keys !== undefined && wanted.every((item) => isRecord(item) && keys.every((key) => key in item))) {
    const same = (a: unknown, b: unknown) => isRecord(a) && isRecord(b) && keys.every((key) => a[key] === b[key]);
    return wanted.some((item) => {
      const found = seen.find((each) => same(item, each));
      return found === undefined || lacks('', item, found);
    });
  }
  return wanted.length !== seen.length || wanted.some((item, index) => lacks('', item, seen[index]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
