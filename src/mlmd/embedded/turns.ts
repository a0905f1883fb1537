import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long reads may follow each other before timers, sockets and other requests get their turn, in milliseconds. */
const SLICE_MS = 5;

/** Shares the event loop between reads, and between them and all else. */
export interface Turns {
  /** Begins a read, now or in the next turn of the loop. */
  begin<T>(read: () => Promise<T>): Promise<T>;
  /** True where a read under way should wait for {@link Turns.next} before it goes on. */
  isOver(): boolean;
  /** Waits for a turn of the loop; one of those that wait gets it. */
  next(): Promise<void>;
}

/**
 * Statements are synchronous and all else of a request runs in microtasks: without turns, a request runs to its end.
 * Reads that come together begin together, for it is only decided while none is at work.
 */
export function createTurns(): Turns {
  let reading = 0;
  let sliceBegan = performance.now();
  let pause: Promise<void> | undefined;
  const waiting: (() => void)[] = [];

  const isOver = () => performance.now() - sliceBegan >= SLICE_MS;

  function goOn(): void {
    sliceBegan = performance.now();
    waiting.pop()?.();
    if (waiting.length > 0) setImmediate(goOn);
  }

  return {
    isOver,
    async begin(read) {
      if (pause || (reading <= waiting.length && isOver())) {
        pause ??= nextTurn().then(() => {
          sliceBegan = performance.now();
          pause = undefined;
        });
        await pause;
      }
      reading += 1;
      try {
        return await read();
      } finally {
        reading -= 1;
      }
    },
    next: () =>
      new Promise((resolve) => {
        // The last one goes on first: taken in turn, all would end as late as the last of them.
        waiting.push(resolve);
        if (waiting.length === 1) setImmediate(goOn);
      }),
  };
}
