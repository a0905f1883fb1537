import { setImmediate } from 'node:timers/promises';

/** How long sessions may follow each other before timers, sockets and other requests get their turn, in milliseconds. */
const SLICE_MS = 10;

/** What happens around the first and after the last of overlapping shared works. */
interface Session {
  open(): void;
  close(): void;
}

/** Lets shared works overlap and exclusive works run alone, in the order in which they came. */
export interface Gate {
  shared<T>(work: () => Promise<T>): Promise<T>;
  exclusive<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * A readers-writer gate over one connection. Overlapping shared works form one session (one snapshot); an exclusive
 * work waits for the session before it to end, and later works wait for it.
 */
export function createGate(session: Session): Gate {
  let readers = 0;
  let writing = false;
  const waiting: { readonly exclusive: boolean; readonly start: () => void }[] = [];

  function admit(): void {
    for (let next = waiting[0]; next && !writing; next = waiting[0]) {
      if (next.exclusive && readers > 0) return;
      waiting.shift();
      if (next.exclusive) writing = true;
      next.start();
    }
  }

  function enter(exclusive: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const start = () => {
        try {
          if (!exclusive && readers === 0) session.open();
          if (!exclusive) readers += 1;
          resolve();
        } catch (error) {
          reject(error);
        }
      };
      waiting.push({ exclusive, start });
      admit();
    });
  }

  let sliceBegan = performance.now();
  let pause: Promise<void> | undefined;

  /** Statements are synchronous and all else of a request runs in microtasks: without this, a request runs to its end. */
  async function givenTurn(): Promise<void> {
    // Decided at the beginning of a session, so that calls that come together stay together.
    if (readers === 0 && performance.now() - sliceBegan >= SLICE_MS) {
      pause ??= setImmediate().then(() => {
        sliceBegan = performance.now();
        pause = undefined;
      });
    }
    await pause;
  }

  return {
    async shared(work) {
      if (readers === 0) await givenTurn();
      await enter(false);
      try {
        return await work();
      } finally {
        readers -= 1;
        try {
          if (readers === 0) session.close();
        } finally {
          admit();
        }
      }
    },
    async exclusive(work) {
      await enter(true);
      try {
        return await work();
      } finally {
        writing = false;
        admit();
      }
    },
  };
}
