/** What happens around the first and after the last of overlapping shared works. */
interface Session {
  open(): void;
  close(): void;
}

/** Lets shared works overlap and exclusive works run alone, in the order in which they came. */
export interface Gate {
  shared<T>(work: () => Promise<T>): Promise<T>;
  exclusive<T>(work: () => Promise<T>): Promise<T>;
  /** Lets no more shared works into the session that is open; they wait for the next one. */
  seal(): void;
  /** How many works wait for their turn. */
  waiting(): number;
}

/**
 * A readers-writer gate over one connection. Overlapping shared works form one session (one snapshot); an exclusive
 * work waits for the session before it to end, and later works wait for it.
 */
export function createGate(session: Session): Gate {
  let readers = 0;
  let writing = false;
  let sealed = false;
  const waiting: { readonly exclusive: boolean; readonly start: () => void }[] = [];

  const isOpen = (exclusive: boolean) => !writing && (readers === 0 || !(exclusive || sealed));

  function admit(): void {
    for (let next = waiting[0]; next && isOpen(next.exclusive); next = waiting[0]) {
      waiting.shift();
      if (next.exclusive) writing = true;
      next.start();
    }
  }

  function beginReading(): void {
    if (readers === 0) {
      sealed = false;
      session.open();
    }
    readers += 1;
  }

  function enter(exclusive: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const start = () => {
        try {
          if (!exclusive) beginReading();
          resolve();
        } catch (error) {
          reject(error);
        }
      };
      waiting.push({ exclusive, start });
      admit();
    });
  }

  return {
    seal() {
      sealed = true;
    },
    waiting: () => waiting.length,
    async shared(work) {
      if (waiting.length === 0 && isOpen(false)) beginReading();
      else await enter(false);
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
