import { registryErrorIn } from '../errors.ts';
import type { Call, KeptAnswers, MetadataStore, MetadataStoreRpcs } from '../mlmd/store.ts';

/** How often a work is begun at most. */
const MAX_ATTEMPTS = 8;

/** How often one that is a transaction: what it meets is another process, for whose lock it has waited seconds. */
const MAX_TRANSACTIONS = 3;

/** The longest wait between two attempts grows with them, by so many milliseconds each time. */
const WAIT_MS = 40;

/** What an attempt has to work with. */
export interface Attempt {
  readonly rpcs: MetadataStoreRpcs;
  readonly call: Call;
  readonly atomic: boolean;
  /** True at the first time, where there is no transaction: what is rarely wrong need not be asked for before a write. */
  readonly hopeful: boolean;
  /** Present where {@link Attempt.atomic}. */
  readonly kept?: KeptAnswers;
}

/**
 * Runs a work that reads, checks and writes: as one transaction where the store can, else RPC by RPC. Where it met with
 * another at the same records (ABORTED, ALREADY_EXISTS) it is run again, and sees what the other did; at last the
 * error is thrown.
 */
export async function transact<T>(
  { store, call }: { readonly store: MetadataStore; readonly call: Call },
  work: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  const { atomically } = store;
  const attempt = (count: number) =>
    atomically
      ? atomically((rpcs, kept) => work({ rpcs, call, atomic: true, hopeful: false, kept }), call)
      : work({ rpcs: store, call, atomic: false, hopeful: count === 1 });
  const most = atomically ? MAX_TRANSACTIONS : MAX_ATTEMPTS;
  for (let count = 1; ; count += 1) {
    try {
      return await attempt(count);
    } catch (error) {
      if (count === most || !isMeeting(error) || isOver(call)) throw error;
      // What hoped that a name was free looks for who has it, at once.
      if (!atomically && count === 1) continue;
      // Not all of those that have met come again at the same time.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * count * WAIT_MS));
    }
  }
}

function isMeeting(error: unknown): boolean {
  const code = registryErrorIn(error)?.code;
  return code === 'ABORTED' || code === 'ALREADY_EXISTS';
}

function isOver({ signal, deadline = Infinity }: Call): boolean {
  return signal?.aborted === true || Date.now() >= deadline;
}
