import { EXACT, looseDialect } from './registry-filter-dialect.ts';
import { quotedText } from './registry-filter-quote.ts';

/** Whether a list of names can have this one: a store whose filters are not exact takes some for what they are not. */
export function canBeListed(name: string, store: { readonly exactFilters: boolean }): boolean {
  return (store.exactFilters ? EXACT : LOOSE).hasText(name);
}

const LOOSE = looseDialect([]);

/** Whether any store can have the name. */
export function canBeStored(name: string): boolean {
  return EXACT.hasText(name);
}

/** A condition of MLMD's language: the name is one of these. */
export function nameIn(names: readonly string[]): string {
  return `name IN (${names.map(quotedText).join(', ')})`;
}
