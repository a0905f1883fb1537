import type { RegistryError } from '../errors.ts';
import type { Permission } from './permission.ts';

const missing = new WeakMap<object, Permission>();

/** The same error, of which it is known from then on which right was missing. */
export function noteMissingRight(error: RegistryError, permission: Permission): RegistryError {
  missing.set(error, permission);
  return error;
}

/** The right for the lack of which this error was thrown, where that is known. */
export function missingRight(error: unknown): Permission | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    const found = missing.get(each);
    if (found) return found;
  }
  return undefined;
}
