/** Milliseconds before the second try, and at most. */
const BACKOFF_MS = [500, 60_000] as const;

/** How many keys are worked on at once. */
const WORKERS = 4;

/** Keys that have work; the same key is never worked on twice at once. */
export interface WorkQueue {
  /** There is something to do; once, however often it is said before it begins. */
  add(key: string): void;
  /** How many keys wait. */
  length(): number;
  /** Takes no more, and resolves when what was begun is done. */
  close(): Promise<void>;
}

/** Works on keys as they are added; a failure is told and tried again after a pause that doubles. */
export function createWorkQueue(
  work: (key: string) => Promise<void>,
  onFailure: (key: string, error: unknown) => void,
): WorkQueue {
  const waiting = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const failures = new Map<string, number>();
  const timers = new Map<string, NodeJS.Timeout>();
  let closed = false;

  const add = (key: string) => {
    if (closed) return;
    clearTimeout(timers.get(key));
    timers.delete(key);
    waiting.add(key);
    fill();
  };
  const fill = () => {
    for (const key of waiting) {
      if (closed || running.size >= WORKERS) return;
      if (running.has(key)) continue;
      waiting.delete(key);
      running.set(key, attempt(key));
    }
  };
  const attempt = async (key: string) => {
    try {
      await work(key);
      failures.delete(key);
    } catch (error) {
      onFailure(key, error);
      retryLater(key);
    }
    running.delete(key);
    fill();
  };
  const retryLater = (key: string) => {
    const count = failures.get(key) ?? 0;
    failures.set(key, count + 1);
    const pause = Math.min(BACKOFF_MS[0] * 2 ** count, BACKOFF_MS[1]) * (0.75 + Math.random() / 2);
    if (!closed && !waiting.has(key))
      timers.set(
        key,
        setTimeout(() => add(key), pause),
      );
  };
  return {
    add,
    length: () => waiting.size,
    async close() {
      closed = true;
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
}
