import { setTimeout } from 'node:timers/promises';

/** Writes a batch; `lost` items came before it that could not be kept. */
export type WriteBatch<Item> = (batch: readonly Item[], lost: number) => Promise<void>;

/** How a queue works. */
export interface QueueOptions<Item> {
  readonly write: WriteBatch<Item>;
  /** Milliseconds that a batch is waited for, so that more come into it. */
  readonly gatherMs: number;
  /** Hears of the first of some failures in a row. */
  onFailure(error: unknown): void;
  /** Hears that writing goes well again, and how many items were lost meanwhile, or at the end. */
  onRecovery(lost: number): void;
}

/** Items on their way to where they are written. */
export interface Queue<Item> {
  /** Never waits: an item that finds the queue full is lost, and counted. */
  push(item: Item): void;
  /** Writes what is there, as far as it can be within the time. */
  close(): Promise<void>;
}

/** Items that wait at most. */
export const MAX_WAITING = 10_000;

const MAX_BATCH = 500;
const RETRY_MS = 1_000;
const CLOSE_MS = 2_000;

/** A bounded queue whose items are written in the background, again where it failed. */
export function createQueue<Item>({ write, gatherMs, onFailure, onRecovery }: QueueOptions<Item>): Queue<Item> {
  const waiting: Item[] = [];
  const closing = new AbortController();
  let lost = 0;
  let failing = false;
  let work: Promise<void> | undefined;

  /** A pause that the end cuts short. */
  const pause = (ms: number) =>
    setTimeout(ms, undefined, { ref: false, signal: closing.signal }).catch(() => undefined);

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      if (gatherMs > 0) await pause(gatherMs);
      await writeSome();
      if (failing && closing.signal.aborted) break;
      if (failing) await pause(RETRY_MS);
    }
  }

  async function writeSome(): Promise<void> {
    const batch = waiting.slice(0, MAX_BATCH);
    const told = lost;
    try {
      await write(batch, told);
    } catch (error) {
      if (!failing) onFailure(error);
      failing = true;
      return;
    }
    waiting.splice(0, batch.length);
    if (failing || told > 0) onRecovery(told);
    failing = false;
    lost -= told;
  }

  function start(): void {
    work ??= drain().finally(() => {
      work = undefined;
      // What came between the last look and now.
      if (waiting.length > 0 && !closing.signal.aborted) start();
    });
  }

  return {
    push(item) {
      if (waiting.length >= MAX_WAITING) lost += 1;
      else waiting.push(item);
      start();
    },
    async close() {
      closing.abort();
      start();
      await Promise.race([work, setTimeout(CLOSE_MS, undefined, { ref: false })]);
      if (waiting.length + lost > 0) onRecovery(waiting.length + lost);
    },
  };
}
