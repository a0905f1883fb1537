import { AsyncLocalStorage } from 'node:async_hooks';

import { RegistryError } from '../../errors.ts';

import type { Atomically, Call, KeptAnswers, MetadataStoreRpcs } from '../store.ts';
import { createKeptAnswers } from './kept-answers.ts';
import { refuseLate } from './refuse-late.ts';
import { createRpcs, runIn } from './run-rpc.ts';
import type { Database, Transaction } from './transaction.ts';

/** Milliseconds that a work may take, for nothing else is read or written meanwhile. */
const MAX_MS = 5_000;

/** {@link Atomically} on a database, and a guard for the RPCs that would wait for a transaction to end from inside it. */
export function createAtomically(
  database: Database,
  now: () => number,
): {
  readonly atomically: Atomically;
  /** Throws FAILED_PRECONDITION where the caller is a work that has not ended yet. */
  readonly refuseInside: () => void;
} {
  const around = new AsyncLocalStorage<Session>();
  const refuseInside = () => {
    if (around.getStore()?.isOpen()) throw misuse('Inside `atomically` only the RPCs that it gives may be called.');
  };
  return {
    refuseInside,
    async atomically(work, call = {}) {
      refuseInside();
      refuseLate(call);
      const write = (transaction: Transaction) => {
        refuseLate(call); // it may have waited for others
        const session = openSession(transaction, now);
        return around.run(session, () => within(session, work, call));
      };
      return database.write(write, { once: true });
    },
  };
}

/** What one work may use. */
interface Session {
  readonly rpcs: MetadataStoreRpcs;
  readonly kept: KeptAnswers;
  isOpen(): boolean;
  /** Takes no more RPCs, and waits for the one that is running. */
  end(): Promise<void>;
}

/** One after the other, also where the work does not wait for them: their savepoints must not overlap. */
function openSession(transaction: Transaction, now: () => number): Session {
  let open = true;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>, within = transaction.savepoint): Promise<T> => {
    const answer = last.then(() => {
      if (!open) throw misuse('The work of `atomically` has ended; its RPCs are of no use any more.');
      return within(work);
    });
    last = answer.catch(() => undefined);
    return answer;
  };
  const { find, keep, note } = createKeptAnswers(transaction, now);
  return {
    rpcs: createRpcs((name, request, call) => inTurn(() => runIn(transaction, name, request, call))),
    kept: {
      find: (key) => inTurn(() => find(key)),
      keep: (key, answer) => inTurn(() => keep(key, answer)),
      // One statement, which undoes itself.
      note: (line) =>
        inTurn(
          () => note(line),
          (work) => work(),
        ),
    },
    isOpen: () => open,
    async end() {
      open = false;
      await last;
    },
  };
}

async function within<T>(
  session: Session,
  work: (rpcs: MetadataStoreRpcs, kept: KeptAnswers) => Promise<T>,
  { deadline = Infinity }: Call,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new RegistryError('DEADLINE_EXCEEDED', 'The work of `atomically` took too long; it was undone.')),
    Math.min(MAX_MS, deadline - Date.now()),
  );
  try {
    return await Promise.race([work(session.rpcs, session.kept), late.promise]);
  } finally {
    clearTimeout(timer);
    await session.end();
  }
}

function misuse(message: string): RegistryError {
  return new RegistryError('FAILED_PRECONDITION', message);
}
