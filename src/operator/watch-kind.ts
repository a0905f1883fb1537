import { setTimeout as sleep } from 'node:timers/promises';

import { follow } from './kube/follow.ts';
import type { Kind } from './kube/kinds.ts';
import type { KubeClient } from './kube/kube-client.ts';
import { hasStatus } from './kube/kube-error.ts';
import type { KubeObject } from './kube/kube-object.ts';
import type { ObjectCache } from './kube/object-cache.ts';

/** Milliseconds before the next look whether the cluster has a kind, after one that failed. */
const FAILED_LOOK_MS = 1_000;

/** Who hears of a kind. */
export interface Watcher {
  readonly labelSelector?: string;
  /** How long a watch is trusted before all is listed anew. */
  readonly relistSeconds: number;
  /** It came, changed or went. */
  onChange(object: KubeObject): void;
  /** There was a full list. */
  onList(): void;
  onFailure(kind: Kind, error: unknown): void;
}

/** Keeps a cache of a kind up to date until the signal; resolves when it was listed once. */
export function watchKind(
  client: KubeClient,
  kind: Kind,
  cache: ObjectCache,
  watcher: Watcher,
  signal: AbortSignal,
): Promise<void> {
  const listed = Promise.withResolvers<void>();
  const { labelSelector, relistSeconds } = watcher;
  const followed = {
    kind,
    relistSeconds,
    ...(labelSelector === undefined ? {} : { labelSelector }),
    onList(objects: readonly KubeObject[]) {
      for (const object of cache.replace(objects)) watcher.onChange(object);
      watcher.onList();
      listed.resolve();
    },
    onChange(object: KubeObject) {
      const { namespace, name } = object.metadata;
      const before = cache.get(namespace, name);
      cache.set(object);
      // Without its labels it tells no more whose it was.
      if (before !== undefined) watcher.onChange(before);
      watcher.onChange(object);
    },
    onDelete(object: KubeObject) {
      cache.remove(object);
      watcher.onChange(object);
    },
    onFailure: (error: unknown) => watcher.onFailure(kind, error),
  };
  void follow(client, followed, signal);
  return listed.promise;
}

/** What is done with a kind that may come and go with its CustomResourceDefinition. */
export interface OptionalKind {
  /** Twice the seconds between two looks whether it is there. */
  readonly relistSeconds: number;
  /** It is there: watches it until the signal; resolves when it was listed once. */
  onPresent(kind: Kind, signal: AbortSignal): Promise<void>;
  onAbsent(kind: Kind): void;
  onFailure(kind: Kind, error: unknown): void;
}

/** Looks now and then whether the cluster has a kind, until the signal; resolves when it is known for the first time. */
export function watchOptionalKind(
  client: KubeClient,
  kind: Kind,
  optional: OptionalKind,
  signal: AbortSignal,
): Promise<void> {
  const known = Promise.withResolvers<void>();
  void look();
  return known.promise;

  async function look(): Promise<void> {
    let watching: AbortController | undefined;
    while (!signal.aborted) {
      const present = await has(client, kind, signal).catch((error) => optional.onFailure(kind, error));
      if (present === true && watching === undefined) {
        watching = new AbortController();
        await optional.onPresent(kind, AbortSignal.any([signal, watching.signal]));
      } else if (present === false && watching !== undefined) {
        watching.abort();
        watching = undefined;
        optional.onAbsent(kind);
      }
      if (present !== undefined) known.resolve();
      const pause = present === undefined ? FAILED_LOOK_MS : optional.relistSeconds * 500;
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function has(client: KubeClient, { apiVersion, kind }: Kind, signal: AbortSignal): Promise<boolean> {
  try {
    const found = (await client.request('GET', `/apis/${apiVersion}`, { signal })) as {
      readonly resources?: readonly { readonly kind: string }[];
    };
    return found.resources?.some((each) => each.kind === kind) ?? false;
  } catch (error) {
    if (hasStatus(error, 404)) return false;
    throw error;
  }
}
