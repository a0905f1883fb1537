import { type Clock, createAnswerCache, KEEP_MS, type OnAnswer } from './answer-cache.ts';
import type { Credentials } from './credentials.ts';
import { hashOf } from './hash-of.ts';
import type { Decide } from './policy.ts';

/** A decider that is asked over a network. */
export interface RemoteDecider {
  /** Tells it from others. */
  readonly name: string;
  readonly decide: Decide;
  /** What it decides by, besides the caller. */
  readonly decidesBy?: (credentials: Credentials) => readonly string[];
}

/** The decider, asked once for the same question of the same caller as long as its answer is kept. */
export function decideOnce({ name, decide, decidesBy }: RemoteDecider, clock: Clock, onAnswer?: OnAnswer): Decide {
  const cached = createAnswerCache<boolean>({ clock, keepMs: (may) => (may ? KEEP_MS.yes : KEEP_MS.no), onAnswer });
  return (question) => {
    const { caller, credentials, registry, verb, resource } = question;
    const who = [caller.by, caller.name, caller.uid, caller.groups.toSorted(), sorted(caller.extra)];
    const key = hashOf(name, registry, who, decidesBy?.(credentials), verb, resource);
    return cached(key, () => decide(question));
  };
}

function sorted(extra: Readonly<Record<string, readonly string[]>> = {}) {
  return Object.entries(extra).sort(([a], [b]) => (a < b ? -1 : 1));
}
