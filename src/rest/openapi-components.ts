import { isDeepStrictEqual } from 'node:util';

import { RegistryError } from '../errors.ts';

/** The components of a document, each made once. */
export interface Components {
  /** A reference to the component of this name. INVALID_ARGUMENT where there is another one of the name. */
  add(name: string, schema: object): { readonly $ref: string };
  /** All schemas by name. */
  sorted(): Readonly<Record<string, object>>;
}

/** No components yet. */
export function createComponents(): Components {
  const schemas = new Map<string, object>();
  return {
    add(name, schema) {
      const known = schemas.get(name);
      if (known && !isDeepStrictEqual(known, schema)) {
        throw new RegistryError('INVALID_ARGUMENT', `There are two components '${name}' that are not alike.`);
      }
      schemas.set(name, schema);
      return { $ref: `#/components/schemas/${name}` };
    },
    sorted: () => Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
