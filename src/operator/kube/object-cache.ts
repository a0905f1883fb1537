import type { KubeObject } from './kube-object.ts';

/** What was seen last of one kind, by namespace and name. */
export interface ObjectCache {
  /** Whether a list was seen at all. */
  isFilled(): boolean;
  values(): Iterable<KubeObject>;
  get(namespace: string | undefined, name: string): KubeObject | undefined;
  set(object: KubeObject): void;
  remove(object: KubeObject): void;
  /** Takes a whole list; gives what came, went or changed by it, as it was and as it is. */
  replace(objects: readonly KubeObject[]): readonly KubeObject[];
}

/** An empty cache. */
export function createObjectCache(): ObjectCache {
  const objects = new Map<string, KubeObject>();
  let filled = false;
  return {
    isFilled: () => filled,
    values: () => objects.values(),
    get: (namespace, name) => objects.get(keyOf(namespace, name)),
    set: (object) => void objects.set(keyOf(object.metadata.namespace, object.metadata.name), object),
    remove: (object) => void objects.delete(keyOf(object.metadata.namespace, object.metadata.name)),
    replace(listed) {
      const before = new Map(objects);
      objects.clear();
      filled = true;
      const changed = listed.flatMap((object) => {
        const key = keyOf(object.metadata.namespace, object.metadata.name);
        const old = before.get(key);
        before.delete(key);
        objects.set(key, object);
        if (old?.metadata.resourceVersion === object.metadata.resourceVersion) return [];
        return old === undefined ? [object] : [old, object];
      });
      return [...changed, ...before.values()];
    },
  };
}

function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}
