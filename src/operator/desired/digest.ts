import { createHash } from 'node:crypto';

/** A short text that is another one for another value. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
