import { setTimeout } from 'node:timers/promises';

/** Milliseconds that only bound a hang. */
const PATIENCE_MS = 180_000;

/** Resolves once it holds; an attempt that throws holds not yet. Throws with `what`, and why it failed last, if it never does. */
export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const late = Date.now() + PATIENCE_MS;
  for (;;) {
    const failure = await attempt(holds);
    if (failure === undefined) return;
    if (Date.now() > late) throw new Error(`waited too long for ${what}`, { cause: failure });
    await setTimeout(50);
  }
}

async function attempt(holds: () => Promise<boolean> | boolean): Promise<unknown> {
  try {
    return (await holds()) ? undefined : 'it does not hold';
  } catch (error) {
    return error;
  }
}
