/** How fast a bucket fills, and how much it holds. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** A bucket for each key, all of one rate. */
export interface Buckets {
  readonly rate: Rate;
  /** What is in the bucket; below zero where more was used than taken. */
  left(key: string): number;
  /** Takes an amount where it is there, or, for more than a bucket holds, where it is full; false where it is not. */
  take(key: string, amount: number): boolean;
  /** Puts back what was taken and not used; a negative amount was used beyond what was taken. */
  give(key: string, amount: number): void;
  /** Seconds until so much is in the bucket, rounded up; at least 1. */
  wait(key: string, amount: number): number;
}

/** Buckets that are remembered: whoever asks under ever new names fills no memory. */
const MAX_BUCKETS = 10_000;

interface Bucket {
  left: number;
  /** When it was looked at last, in milliseconds. */
  at: number;
}

/** Token buckets in the memory of this process. A bucket that was forgotten is a full one; `now` is in milliseconds. */
export function createBuckets(rate: Rate, now: () => number = () => performance.now()): Buckets {
  // In the order of their last use.
  const buckets = new Map<string, Bucket>();

  function filled(key: string): Bucket {
    const time = now();
    const bucket = buckets.get(key) ?? { left: rate.burst, at: time };
    bucket.left = Math.min(rate.burst, bucket.left + ((time - bucket.at) / 1_000) * rate.perSecond);
    bucket.at = time;
    buckets.delete(key);
    buckets.set(key, bucket);
    if (buckets.size > MAX_BUCKETS) forgetFullest();
    return bucket;
  }

  /** Of the few that were used longest ago the fullest: nobody frees a name of debts by asking under others. */
  function forgetFullest(): void {
    let fullest: readonly [string, number] | undefined;
    let looked = 0;
    for (const [key, { left }] of buckets) {
      if (fullest === undefined || left > fullest[1]) fullest = [key, left];
      looked += 1;
      if (looked === 100) break;
    }
    if (fullest) buckets.delete(fullest[0]);
  }

  return {
    rate,
    left: (key) => filled(key).left,
    take(key, amount) {
      const bucket = filled(key);
      if (bucket.left < Math.min(amount, rate.burst)) return false;
      bucket.left -= amount;
      return true;
    },
    give(key, amount) {
      const bucket = filled(key);
      bucket.left = Math.min(rate.burst, bucket.left + amount);
    },
    wait(key, amount) {
      const missing = Math.min(amount, rate.burst) - filled(key).left;
      return Math.max(1, Math.ceil(missing / rate.perSecond));
    },
  };
}
