/** Milliseconds on a clock that only goes forward. */
export type Clock = () => number;

/** How answers are kept. */
export interface AnswerCacheOptions<Answer> {
  readonly clock: Clock;
  /** How long this answer may be given again, in milliseconds. */
  readonly keepMs: (answer: Answer) => number;
  /** Answers at most; the oldest go first. */
  readonly size?: number;
  /** Hears of each answer where it came from. */
  readonly onAnswer?: OnAnswer | undefined;
}

/** Hears where an answer came from: it was kept, it was asked for, or that has failed. */
export type OnAnswer = (from: 'cache' | 'asked' | 'failed') => void;

/** How long a yes and a no are kept, in milliseconds: so long who lost a right may still have it, and who got one lack it. */
export const KEEP_MS = { yes: 60_000, no: 5_000 } as const;

/** The same for a token: the API server itself remembers one for 10 s, and a minute is what is promised. */
export const KEEP_TOKEN_MS = { yes: 50_000, no: 5_000 } as const;

/** The part of its time after which an answer is asked for anew by whoever gets it, who does not wait for that. */
const FRESH_PART = 0.75;

/**
 * Asks once for the same key: who asks meanwhile gets the same answer, who asks later too, as long as it is kept. One
 * that is in use is asked for anew before it is old, so that nobody waits for it again. A failure is never kept, and
 * what was kept goes no later for it.
 */
export function createAnswerCache<Answer>(
  options: AnswerCacheOptions<Answer>,
): (key: string, ask: () => Promise<Answer>) => Promise<Answer> {
  const { clock, keepMs, size = 10_000, onAnswer } = options;
  const kept = new Map<string, { readonly answer: Answer; readonly freshUntil: number; readonly until: number }>();
  const asked = new Map<string, Promise<Answer>>();

  async function askAndKeep(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    // From the question on: it may have been decided as soon as it was asked.
    const from = clock();
    try {
      const answer = await Promise.resolve().then(ask);
      onAnswer?.('asked');
      kept.delete(key);
      const keep = keepMs(answer);
      kept.set(key, { answer, freshUntil: from + keep * FRESH_PART, until: from + keep });
      for (const oldest of kept.keys()) {
        if (kept.size <= size) break;
        kept.delete(oldest);
      }
      return answer;
    } catch (error) {
      onAnswer?.('failed');
      throw error;
    } finally {
      asked.delete(key);
    }
  }

  function askOnce(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const pending = asked.get(key) ?? askAndKeep(key, ask);
    asked.set(key, pending);
    return pending;
  }

  return async (key, ask) => {
    const known = kept.get(key);
    if (!known || clock() >= known.until) return askOnce(key, ask);
    onAnswer?.('cache');
    // Whoever asks is told of no failure, as they have an answer; `ask` has told the log.
    if (clock() >= known.freshUntil) askOnce(key, ask).catch(() => undefined);
    return known.answer;
  };
}
