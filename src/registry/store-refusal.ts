import { filterError } from '../domain/filter-query.ts';
import type { Branch } from '../domain/registry-filter-plan.ts';
import { RegistryError } from '../errors.ts';

/** The store's refusal of a filter that we wrote, as one of the filter that the caller wrote; any other error as it is. */
export function refusalOf(error: unknown, filter: string, { storeOnly }: Branch): unknown {
  if (!(error instanceof RegistryError) || error.place.argument !== 'filterQuery') return error;
  const at = (error.place.position ?? 1) - 1;
  const named = storeOnly.find(({ text }) => {
    const begin = filter.indexOf(text);
    return begin <= at && at < begin + text.length;
  });
  const [first] = storeOnly;
  return filterError(problemIn(error), (named ?? first)?.position ?? 1);
}

/** The refusal of a filter as one of `where`, for a list that was given no `filterQuery`; any other error as it is. */
export function asOfWhere(error: unknown): unknown {
  if (!(error instanceof RegistryError) || error.place.argument !== 'filterQuery') return error;
  return new RegistryError(error.code, `'where' is wrong: ${problemIn(error)}.`, { argument: 'where', cause: error });
}

function problemIn({ message }: RegistryError): string {
  return /: (.*)\.$/su.exec(message)?.[1] ?? 'the store does not take it';
}
