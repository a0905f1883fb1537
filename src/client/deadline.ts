import { ModelGraphError } from './error.ts';

/** The time that a query has, and its caller's wish to end it. */
export interface Deadline {
  /** Aborted with a ModelGraphError once the time is over or the caller wants no answer. */
  readonly signal: AbortSignal;
  /** Why the query has to end; undefined while it need not. */
  reason(): ModelGraphError | undefined;
  /** Milliseconds left. */
  left(): number;
  /** What the promise gives, or a rejection with the reason as soon as the query has to end. */
  race<T>(promise: Promise<T>): Promise<T>;
  /** Waits so many milliseconds; rejects as `race` does. */
  sleep(ms: number): Promise<void>;
  /** Lets go of the timer and of the caller's signal. */
  close(): void;
}

/** Longest that a timer can wait; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A deadline in `timeoutMs`, or at the abort of the caller's signal if that comes first. Close it in the end. */
export function openDeadline(timeoutMs: number, callers: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const end = performance.now() + timeoutMs;
  let reason: ModelGraphError | undefined;
  let endWaiting: (why: ModelGraphError) => void = () => {};
  const ended = new Promise<never>((_resolve, reject) => {
    endWaiting = reject;
  });
  ended.catch(() => {}); // It may end while nobody waits.
  const stop = (why: ModelGraphError) => {
    if (reason) return;
    reason = why;
    endWaiting(why);
    controller.abort(why);
  };
  const timer = setTimeout(() => stop(tooLate(timeoutMs)), Math.min(timeoutMs, MAX_TIMER_MS));
  const onAbort = () => stop(aborted(callers?.reason));
  if (callers?.aborted) onAbort();
  callers?.addEventListener('abort', onAbort, { once: true });
  const race = <T>(promise: Promise<T>) => Promise.race([promise, ended]);
  return {
    signal,
    reason: () => reason,
    left: () => end - performance.now(),
    race,
    async sleep(ms) {
      let alarm: ReturnType<typeof setTimeout> | undefined;
      const woken = new Promise<void>((resolve) => {
        alarm = setTimeout(resolve, ms);
      });
      await race(woken).finally(() => clearTimeout(alarm));
    },
    close() {
      clearTimeout(timer);
      callers?.removeEventListener('abort', onAbort);
    },
  };
}

function tooLate(timeoutMs: number): ModelGraphError {
  return new ModelGraphError(`There was no answer within ${timeoutMs} ms.`, { code: 'TIMEOUT' });
}

function aborted(cause: unknown): ModelGraphError {
  return new ModelGraphError('The caller ended the request.', { code: 'ABORTED', cause });
}
