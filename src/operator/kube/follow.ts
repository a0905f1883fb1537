import { setTimeout as sleep } from 'node:timers/promises';

import { type Kind, pathOf } from './kinds.ts';
import type { KubeClient } from './kube-client.ts';
import { KubeError } from './kube-error.ts';
import type { KubeObject } from './kube-object.ts';

/** Milliseconds before the next try; doubled up to the second. */
const PAUSE_MS = [250, 8_000] as const;

/** What is to be followed, and who hears of it. */
export interface Followed {
  readonly kind: Kind;
  readonly labelSelector?: string;
  /**
   * Seconds between two full lists. A watch can fall silent without an end (it does when etcd went back in time), so that
   * a list is what bounds how long we do not know.
   */
  readonly relistSeconds: number;
  /** Everything there is now. */
  onList(objects: readonly KubeObject[]): void;
  /** It is there, and new or changed. */
  onChange(object: KubeObject): void;
  onDelete(object: KubeObject): void;
  /** A list or watch failed; it will be tried again. */
  onFailure(error: unknown): void;
}

/** Lists, watches, and lists again, until the signal. Never throws. */
export async function follow(client: KubeClient, followed: Followed, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const version = await list(client, followed, signal);
      failures = 0;
      await watch(client, followed, version, signal);
    } catch (error) {
      if (signal.aborted) return;
      followed.onFailure(error);
      const pause = Math.min(PAUSE_MS[0] * 2 ** failures++, PAUSE_MS[1]);
      await sleep(pause * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    }
  }
}

interface ListPage {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items?: readonly KubeObject[];
}

async function list(client: KubeClient, followed: Followed, signal: AbortSignal): Promise<string> {
  const { kind } = followed;
  const objects: KubeObject[] = [];
  let next: string | undefined;
  for (;;) {
    const query = { ...selection(followed), limit: '500', ...(next ? { continue: next } : {}) };
    const page = (await client.request('GET', pathOf(kind), { query, signal })) as ListPage;
    // Items of a list come without the kind.
    for (const item of page.items ?? []) objects.push({ ...item, apiVersion: kind.apiVersion, kind: kind.kind });
    next = page.metadata.continue;
    if (!next) {
      followed.onList(objects);
      return page.metadata.resourceVersion;
    }
  }
}

/** Returns when it is time to list again. */
async function watch(client: KubeClient, followed: Followed, version: string, signal: AbortSignal): Promise<void> {
  const { relistSeconds } = followed;
  const query = { ...selection(followed), resourceVersion: version, timeoutSeconds: String(relistSeconds) };
  // The server ends it; where it does not, we do.
  const late = AbortSignal.timeout((relistSeconds + 2) * 1_000);
  try {
    for await (const { type, object } of client.watch(pathOf(followed.kind), query, AbortSignal.any([signal, late]))) {
      if (type === 'ERROR') throw expired(object);
      if (type === 'DELETED') followed.onDelete(object);
      else if (type !== 'BOOKMARK') followed.onChange(object);
    }
  } catch (error) {
    if (!late.aborted) throw error;
  }
}

function expired(status: KubeObject): KubeError {
  return new KubeError(Number(status.code), String(status.reason), String(status.message));
}

function selection({ labelSelector }: Followed): Readonly<Record<string, string>> {
  return labelSelector === undefined ? {} : { labelSelector };
}
