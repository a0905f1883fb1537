import { RegistryError } from '../errors.ts';
import type { Buckets, Rate } from './buckets.ts';
import { type Cost, MAX_COST } from './cost.ts';

/** What one request pays from. */
export interface Purse {
  /** Takes what an operation may cost. RATE_LIMITED, with the seconds to wait, where that is not there. */
  pay(cost: Cost): void;
  /** Puts back what the operation did not use, now that it is known how much it was. */
  settle(used: number): void;
  /** Seconds to wait, where the request was refused. */
  retryAfter(): number | undefined;
  /** The headers that tell of the buckets. */
  headers(): Readonly<Record<string, string>>;
  /** What `extensions.cost` says; undefined where nothing was paid. */
  told(): CostTold | undefined;
}

/** What an operation cost. */
export interface CostTold {
  /** What was counted before it was run, by the sizes of pages that the request gives. */
  readonly requested: number;
  /** What is charged: the rows that were found, and what walks looked at; at least one for each object that is asked for. */
  readonly actual: number;
  /** What one operation may cost. */
  readonly limit: number;
  readonly bucket: { readonly burst: number; readonly left: number; readonly perSecond: number };
}

/** The buckets of callers. */
export interface CallerBuckets {
  readonly cost?: Buckets | undefined;
  readonly changes?: Buckets | undefined;
}

/** What a request of this payer pays from. */
export function createPurse({ cost: costs, changes }: CallerBuckets, payer: string): Purse {
  let paid: Cost | undefined;
  let actual: number | undefined;
  let retryAfter: number | undefined;

  function take(buckets: Buckets | undefined, amount: number, what: string): void {
    if (!buckets || amount === 0 || buckets.take(payer, amount)) return;
    retryAfter = buckets.wait(payer, amount);
    throw new RegistryError(
      'RATE_LIMITED',
      `You have asked for too much ${what} in a short time: ask again in ${retryAfter} s.`,
    );
  }

  return {
    pay(cost) {
      take(changes, cost.changes, 'to be changed');
      take(costs, cost.requested, 'to be read');
      paid = cost;
    },
    settle(used) {
      if (!paid) return;
      actual = Math.max(paid.least, used);
      costs?.give(payer, paid.requested - actual);
    },
    retryAfter: () => retryAfter,
    headers: () => headersOf({ cost: costs, changes }, payer),
    told() {
      if (!paid || !costs) return undefined;
      const { rate } = costs;
      const bucket = { burst: rate.burst, left: Math.floor(costs.left(payer)), perSecond: rate.perSecond };
      return { requested: paid.requested, actual: actual ?? paid.requested, limit: MAX_COST, bucket };
    },
  };
}

/** As the IETF's draft of the RateLimit header fields has them (draft-ietf-httpapi-ratelimit-headers-10). */
function headersOf(buckets: CallerBuckets, payer: string): Readonly<Record<string, string>> {
  const known = Object.entries(buckets).filter((each): each is [string, Buckets] => each[1] !== undefined);
  if (known.length === 0) return {};
  return {
    'ratelimit-policy': known
      .map(([name, { rate }]) => `"${name}";q=${rate.burst};w=${secondsToFill(rate)}`)
      .join(', '),
    ratelimit: known
      .map(([name, all]) => {
        const left = Math.max(0, Math.floor(all.left(payer)));
        return `"${name}";r=${left};t=${Math.ceil((all.rate.burst - left) / all.rate.perSecond)}`;
      })
      .join(', '),
  };
}

function secondsToFill({ burst, perSecond }: Rate): number {
  return Math.ceil(burst / perSecond);
}
