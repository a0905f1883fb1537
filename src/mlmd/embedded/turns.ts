import { setImmediate } from 'node:timers/promises';

/** How long reads may follow each other before timers, sockets and other requests get their turn, in milliseconds. */
const SLICE_MS = 10;

/**
 * Lets others have their turn between reads. Statements are synchronous and all else of a request runs in microtasks:
 * without this, a request runs to its end. Reads that come together stay together, for it is only decided while none is
 * under way.
 */
export function createTurns() {
  let reading = 0;
  let sliceBegan = performance.now();
  let pause: Promise<void> | undefined;

  function due(): boolean {
    return pause !== undefined || (reading === 0 && performance.now() - sliceBegan >= SLICE_MS);
  }

  return async function inTurn<T>(read: () => Promise<T>): Promise<T> {
    if (due()) {
      pause ??= setImmediate().then(() => {
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
  };
}
