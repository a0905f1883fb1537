import { setTimeout } from 'node:timers/promises';

/** Milliseconds that only bound a hang. */
const PATIENCE_MS = 120_000;

/** Milliseconds before the second look, and at most: whoever waits for seconds leaves the machine to what it waits for. */
const PAUSE_MS = [50, 400] as const;

/** Resolves once it holds; an attempt that throws holds not yet. Throws with `what`, and why it failed last, if it never does. */
export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const late = Date.now() + PATIENCE_MS;
  for (let pause: number = PAUSE_MS[0]; ; pause = Math.min(pause * 1.2, PAUSE_MS[1])) {
    const failure = await attempt(holds);
    if (failure === undefined) return;
    if (Date.now() > late) throw new Error(`waited too long for ${what}`, { cause: failure });
    await setTimeout(pause);
  }
}

async function attempt(holds: () => Promise<boolean> | boolean): Promise<unknown> {
  try {
    return (await holds()) ? undefined : 'it does not hold';
  } catch (error) {
    return error;
  }
}
