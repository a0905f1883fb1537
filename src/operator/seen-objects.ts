import { MANAGED_BY, NAMESPACE_LABEL } from './desired/wanted.ts';
import { type Kind, MODEL_REGISTRY, OPTIONAL_KINDS, OWNED_KINDS, POD } from './kube/kinds.ts';
import type { KubeClient } from './kube/kube-client.ts';
import type { KubeObject } from './kube/kube-object.ts';
import { createObjectCache, type ObjectCache } from './kube/object-cache.ts';
import type { Seen } from './reconcile.ts';
import type { ModelRegistry } from './registry/model-registry.ts';
import { type Watcher, watchKind, watchOptionalKind } from './watch-kind.ts';

const OURS = Object.entries(MANAGED_BY)
  .map(([name, value]) => `${name}=${value}`)
  .join(',');

/** Who hears of it. */
export interface Observer {
  /** How long a watch is trusted before all is listed anew. */
  readonly relistSeconds: number;
  /** Something of the registry `NAMESPACE/NAME` has changed, or it is time to look at it again. */
  onChange(key: string): void;
  onFailure(kind: Kind, error: unknown): void;
}

/** All that the operator looks at, kept up to date by watches. */
export interface SeenObjects {
  registry(key: string): ModelRegistry | undefined;
  of(key: string): Seen;
  /** The kinds of others that there are. */
  optionalKinds(): ReadonlySet<string>;
  /** Resolves when everything was listed once. */
  readonly complete: Promise<void>;
}

/** Begins to look, until the signal. */
export function seeObjects(client: KubeClient, observer: Observer, signal: AbortSignal): SeenObjects {
  const { relistSeconds, onChange, onFailure } = observer;
  const registries = createObjectCache();
  const pods = createObjectCache();
  const owned = new Map<string, ObjectCache>();
  const all = () => {
    for (const object of registries.values()) onChange(registryOf(object));
  };
  const watcher: Watcher = {
    relistSeconds,
    onChange: (object) => onChange(registryOf(object)),
    onList: () => undefined,
    onFailure,
  };
  const ours: Watcher = { ...watcher, labelSelector: OURS };
  const watchOwned = (kind: Kind, stop: AbortSignal) => {
    const cache = createObjectCache();
    owned.set(kind.kind, cache);
    return watchKind(client, kind, cache, ours, stop);
  };
  const optional = {
    relistSeconds,
    async onPresent(kind: Kind, stop: AbortSignal) {
      await watchOwned(kind, stop);
      all();
    },
    onAbsent(kind: Kind) {
      owned.delete(kind.kind);
      all();
    },
    onFailure,
  };
  const lists = [
    // With each list all are looked at again: what was missed or refused has its next try.
    watchKind(client, MODEL_REGISTRY, registries, { ...watcher, onList: all }, signal),
    watchKind(client, POD, pods, ours, signal),
    ...OWNED_KINDS.map((kind) => watchOwned(kind, signal)),
    ...Object.values(OPTIONAL_KINDS).map((kind) => watchOptionalKind(client, kind, optional, signal)),
  ];
  const belongs = (key: string) => (object: KubeObject) => registryOf(object) === key;
  return {
    registry(key) {
      const [namespace, name = ''] = key.split('/');
      return registries.get(namespace, name) as ModelRegistry | undefined;
    },
    of: (key) => ({
      owned: [...owned.values()].flatMap((cache) => [...cache.values()].filter(belongs(key))),
      pods: [...pods.values()].filter(belongs(key)),
    }),
    optionalKinds: () => new Set([...owned].filter(([, cache]) => cache.isFilled()).map(([kind]) => kind)),
    complete: Promise.all(lists).then(() => undefined),
  };
}

/** The registry that an object is or belongs to, `NAMESPACE/NAME`. */
function registryOf({ kind, metadata }: KubeObject): string {
  const { name, namespace, labels = {} } = metadata;
  if (kind === MODEL_REGISTRY.kind) return `${namespace}/${name}`;
  return `${namespace ?? labels[NAMESPACE_LABEL]}/${labels['app.kubernetes.io/instance']}`;
}
