import { setTimeout as sleep } from 'node:timers/promises';

import { LEASE, pathOf } from './kube/kinds.ts';
import type { KubeClient } from './kube/kube-client.ts';
import { hasStatus } from './kube/kube-error.ts';
import type { KubeObject } from './kube/kube-object.ts';

/**
 * Milliseconds for each second of the lease: the leader gives up when it could not renew for so long, before anybody else
 * may lead; and between two looks, of the leader and of those who wait.
 */
const RENEW_MS = 667;
const LOOK_MS = 133;

const NAME = 'modelgraph-operator';

interface Lease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly renewTime?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly leaseTransitions?: number;
  };
}

/** Who asks to lead, and who hears of what goes wrong meanwhile. */
export interface Candidate {
  readonly identity: string;
  /** Others may lead when the leader was silent for so long. */
  readonly leaseSeconds: number;
  onFailure(error: unknown): void;
}

/** A term as leader. */
export interface Term {
  /** Resolves when the lease could not be renewed in time or somebody else has it; never after `release`. */
  readonly lost: Promise<void>;
  /** Lets others lead at once. */
  release(): Promise<void>;
}

/** Waits until we lead; undefined where the signal came first. */
export async function lead(client: KubeClient, candidate: Candidate, signal: AbortSignal): Promise<Term | undefined> {
  const { identity, leaseSeconds } = candidate;
  let seen = { token: '', at: 0 };
  while (!signal.aborted) {
    try {
      const lease = await read(client);
      const token = `${lease?.spec?.holderIdentity}/${lease?.spec?.renewTime}`;
      // By our own clock: that of the holder may be wrong.
      if (token !== seen.token) seen = { token, at: performance.now() };
      const patience = (lease?.spec?.leaseDurationSeconds ?? leaseSeconds) * 1_000;
      const free = !lease?.spec?.holderIdentity || lease.spec.holderIdentity === identity;
      if (free || performance.now() - seen.at > patience) {
        await write(client, lease, claim(lease, candidate));
        return serve(client, candidate);
      }
    } catch (error) {
      if (!hasStatus(error, 409)) candidate.onFailure(error);
    }
    await sleep(LOOK_MS * leaseSeconds, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

function serve(client: KubeClient, candidate: Candidate): Term {
  const { identity, leaseSeconds, onFailure } = candidate;
  const lost = Promise.withResolvers<void>();
  const stop = new AbortController();
  const renewing = keep();
  return {
    lost: lost.promise,
    async release() {
      stop.abort();
      await renewing;
      const lease = await read(client);
      if (lease?.spec?.holderIdentity !== identity) return;
      await write(client, lease, { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1, renewTime: now() });
    },
  };

  async function keep(): Promise<void> {
    let renewed = performance.now();
    for (;;) {
      await sleep(LOOK_MS * leaseSeconds, undefined, { signal: stop.signal }).catch(() => undefined);
      if (stop.signal.aborted) return;
      // Two tries at least: a request that hangs does not take all the time there is.
      const left = renewed + RENEW_MS * leaseSeconds - performance.now();
      if (left <= 0) return lost.resolve();
      if (await renew(Math.min(left, (RENEW_MS * leaseSeconds) / 2))) renewed = performance.now();
    }
  }

  async function renew(patienceMs: number): Promise<boolean> {
    try {
      const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(Math.ceil(patienceMs))]);
      const lease = await read(client, signal);
      if (lease?.spec?.holderIdentity && lease.spec.holderIdentity !== identity) lost.resolve();
      else await write(client, lease, claim(lease, candidate), signal);
      return true;
    } catch (error) {
      if (!stop.signal.aborted) onFailure(error);
      return false;
    }
  }
}

async function read(client: KubeClient, signal?: AbortSignal): Promise<Lease | undefined> {
  try {
    const path = pathOf(LEASE, client.namespace, NAME);
    return (await client.request('GET', path, signal ? { signal } : {})) as Lease;
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

/** Writes over what was read, and fails with 409 where somebody else was faster: the server compares resourceVersion. */
async function write(client: KubeClient, lease: Lease | undefined, spec: Lease['spec'], signal?: AbortSignal) {
  const details = signal ? { signal } : {};
  const { apiVersion, kind } = LEASE;
  if (lease === undefined) {
    const body = { apiVersion, kind, metadata: { name: NAME }, spec };
    await client.request('POST', pathOf(LEASE, client.namespace), { ...details, body });
  } else {
    const body = { ...lease, apiVersion, kind, spec };
    await client.request('PUT', pathOf(LEASE, client.namespace, NAME), { ...details, body });
  }
}

function claim(lease: Lease | undefined, { identity, leaseSeconds }: Candidate): NonNullable<Lease['spec']> {
  const { holderIdentity, acquireTime = now(), leaseTransitions = 0 } = lease?.spec ?? {};
  const same = holderIdentity === identity;
  return {
    holderIdentity: identity,
    leaseDurationSeconds: leaseSeconds,
    acquireTime: same ? acquireTime : now(),
    renewTime: now(),
    leaseTransitions: same ? leaseTransitions : leaseTransitions + 1,
  };
}

/** A time in microseconds, as a Lease wants it. */
function now(): string {
  return new Date().toISOString().replace('Z', '000Z');
}
