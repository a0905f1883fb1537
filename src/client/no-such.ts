import { ModelGraphError } from './error.ts';

/** Throws NOT_FOUND for a noun that a list was to be of. */
export function noSuch(noun: string, name: string): never {
  throw new ModelGraphError(`There is no ${noun} '${name}'.`, { code: 'NOT_FOUND' });
}
