import type { Rate } from './buckets.ts';

/** How much is served at once, and to one caller in a time. */
export interface Limits {
  /** Requests that are worked on at once. */
  readonly maxInFlight: number;
  /** Cost of operations, for each caller. */
  readonly cost?: Rate | undefined;
  /** Changes, for each caller. */
  readonly changes?: Rate | undefined;
  /** Logins that failed, for each network address. */
  readonly failedLogins?: Rate | undefined;
}

/** What flags say of the limits: a rate, none of it, or nothing. */
export interface LimitFlags {
  readonly maxInFlight?: number | undefined;
  readonly cost?: Rate | 'off' | undefined;
  readonly changes?: Rate | 'off' | undefined;
  readonly failedLogins?: Rate | 'off' | undefined;
}

/** Who can reach a gateway. */
export interface Reach {
  /** True where nobody is asked who they are. */
  readonly open: boolean;
  /** True where only this machine can reach it. */
  readonly loopback: boolean;
}

/** Twice what one operation may cost at once, and a tenth of a processor's work from then on (docs/limits.md). */
const COST: Rate = { perSecond: 2_000, burst: 20_000 };
/** A script that logs a run makes some dozens of changes at once. */
const CHANGES: Rate = { perSecond: 20, burst: 200 };
const FAILED_LOGINS: Rate = { perSecond: 10 / 60, burst: 10 };

/** The limits of one who serves only themselves. */
export const OWN_LIMITS: Limits = { maxInFlight: 256 };

/** The limits of a gateway. Without flags, what only its own user can reach has no buckets. */
export function limitsFor({ open, loopback }: Reach, flags: LimitFlags): Limits {
  const own = open && loopback;
  const chosen = (flag: Rate | 'off' | undefined, otherwise: Rate) => {
    if (flag === 'off') return undefined;
    return flag ?? (own ? undefined : otherwise);
  };
  return {
    maxInFlight: flags.maxInFlight ?? OWN_LIMITS.maxInFlight,
    cost: chosen(flags.cost, COST),
    changes: chosen(flags.changes, CHANGES),
    failedLogins: chosen(flags.failedLogins, FAILED_LOGINS),
  };
}
