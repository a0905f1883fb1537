import { setImmediate } from 'node:timers/promises';

import type { Gate } from './gate.ts';
import type { WriteOptions } from './transaction.ts';

/** Writes that share one commit at most. */
const MAX_WRITES = 256;

/** Milliseconds of work after which a batch commits, so that reads do not wait for more. */
const MAX_MS = 20;

/** What one batch of writes runs in. */
export interface BatchTransaction {
  begin(): Promise<void>;
  /** Runs `work`; a rejection undoes what it did, and nothing else where that is still possible. */
  savepoint<T>(work: () => Promise<T>): Promise<T>;
  /** False where a failure has ended the transaction. */
  isOpen(): boolean;
  commit(): void;
  rollback(): void;
}

/** Writes that share commits. */
export interface GroupCommit {
  write<T>(work: () => Promise<T>, options?: WriteOptions): Promise<T>;
  /** How many writes wait for a commit to begin. */
  waiting(): number;
}

/**
 * Lets writes share commits, and so the fsync that costs the most of one: those that come while others are at work wait
 * and become the next batch. Each is undone alone where it fails, and each is answered, well or not, only when what it
 * has seen is durable. A commit that fails fails all of its batch.
 */
export function createGroupCommit(gate: Pick<Gate, 'exclusive'>, transaction: BatchTransaction): GroupCommit {
  const waiting: Write[] = [];
  let scheduled = false;

  function schedule(): void {
    if (scheduled || waiting.length === 0) return;
    scheduled = true;
    gate
      .exclusive(async () => {
        await setImmediate(); // whatever has arrived meanwhile joins in
        scheduled = false;
        const batch = waiting.splice(0, MAX_WRITES);
        const rest = await runBatch(transaction, batch);
        waiting.unshift(...rest);
      })
      .finally(schedule);
  }

  return {
    write: (work, { once = false } = {}) =>
      new Promise((resolve, reject) => {
        waiting.push(toWrite(work, once, resolve, reject));
        schedule();
      }),
    waiting: () => waiting.length,
  };
}

/** A write that waits for its batch. */
interface Write {
  readonly once: boolean;
  /** Does it, and gives what tells the caller how it went. Never rejects. */
  run(within: BatchTransaction['savepoint']): Promise<Outcome>;
  fail(error: unknown): void;
}

interface Outcome {
  readonly tell: () => void;
  readonly failure?: { readonly error: unknown };
}

function toWrite<T>(
  work: () => Promise<T>,
  once: boolean,
  resolve: (value: T) => void,
  fail: (error: unknown) => void,
): Write {
  return {
    once,
    fail,
    async run(within) {
      try {
        const value = await within(work);
        return { tell: () => resolve(value) };
      } catch (error) {
        return { tell: () => fail(error), failure: { error } };
      }
    },
  };
}

const bare: BatchTransaction['savepoint'] = (work) => work();

/**
 * Gives the writes that it did not get to. Never rejects. Savepoints cost an eighth of a small write, so they come only
 * after a failure, when all is undone and done again, or where a write cannot be done again.
 */
async function runBatch(
  transaction: BatchTransaction,
  batch: readonly Write[],
  apart = batch.length > 1 && batch.some(({ once }) => once),
): Promise<readonly Write[]> {
  const begun = performance.now();
  const outcomes: Outcome[] = [];
  try {
    await transaction.begin();
    for (const write of batch) {
      if (outcomes.length > 0 && performance.now() - begun > MAX_MS) break;
      const outcome = await write.run(apart ? transaction.savepoint : bare);
      outcomes.push(outcome);
      if (!transaction.isOpen()) throw outcome.failure?.error;
      if (!outcome.failure || apart || batch.length === 1) continue;
      transaction.rollback();
      return runBatch(transaction, batch, true);
    }
    if (outcomes.every(({ failure }) => failure)) transaction.rollback();
    else transaction.commit();
  } catch (error) {
    transaction.rollback();
    const failed = outcomes.length === 0 ? batch : batch.slice(0, outcomes.length);
    for (const write of failed) write.fail(error);
    return batch.slice(failed.length);
  }
  for (const { tell } of outcomes) tell();
  return batch.slice(outcomes.length);
}
