import { RegistryError } from '../../errors.ts';

/**
 * Refuses text that SQLite or UTF-8 cannot give back as it came: U+0000 and lone surrogates. INVALID_ARGUMENT naming
 * `field`, which is as the caller spells it.
 */
export function checkText(field: string, text: string | undefined): void {
  if (text === undefined) return;
  if (text.includes('\0')) {
    throw new RegistryError('INVALID_ARGUMENT', `${field} has a character U+0000, which cannot be stored.`);
  }
  if (!text.isWellFormed()) {
    throw new RegistryError('INVALID_ARGUMENT', `${field} has half of a surrogate pair, which cannot be stored.`);
  }
}

/** {@link checkText} for every text, and a check for finite numbers, in a message or JSON value, keys included. */
export function checkTexts(field: string, value: unknown): void {
  if (typeof value === 'string') checkText(field, value);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new RegistryError('INVALID_ARGUMENT', `${field} has the number ${value}; numbers have to be finite.`);
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  for (const [key, each] of value instanceof Map ? value : Object.entries(value)) {
    checkTexts(field, key);
    checkTexts(field, each);
  }
}
