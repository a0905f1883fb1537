import { filterError, type Path } from '../../../domain/filter-query.ts';

import type { NodeKind } from '../node-kinds.ts';
import { aliasNeighbour, aliasPrefixes, type Column, type Neighbour, ownColumns, propertyNeighbour } from './names.ts';

/** What the names of one filter stand for. */
export interface Scope {
  /** The column of a name, and the neighbour whose it is. INVALID_ARGUMENT with what there is. */
  resolve(path: Path): { readonly column: Column; readonly neighbour: Neighbour | undefined };
}

/** The names in a filter on one kind of node. The same alias is the same neighbour throughout. */
export function createScope(kind: NodeKind<unknown>, oneType = false): Scope {
  const own = ownColumns(kind, oneType);
  const neighbours = new Map<string, Neighbour>();

  function neighbourOf(key: string, create: (row: string) => Neighbour | undefined): Neighbour | undefined {
    const known = neighbours.get(key) ?? create(`j${neighbours.size + 1}`);
    if (known) neighbours.set(key, known);
    return known;
  }

  return {
    resolve(path) {
      const [first = '', second = '', ...rest] = path.segments;
      const alias = first.toLowerCase();
      if (alias === 'properties' || alias === 'custom_properties') {
        const custom = alias === 'custom_properties';
        if (path.segments.length !== 3)
          throw filterError(`expected ${alias}.NAME.int_value or the like`, path.position);
        const create = (row: string) => propertyNeighbour(kind, custom, second, row);
        return columnOf(path, neighbourOf(`${alias}.${second}`, create), rest[0] ?? '');
      }
      const neighbour =
        path.segments.length > 1 ? neighbourOf(alias, (row) => aliasNeighbour(kind, alias, row)) : undefined;
      if (neighbour && rest.length === 0) return columnOf(path, neighbour, second);
      if (path.segments.length === 1 && Object.hasOwn(own, alias)) return columnOf(path, undefined, alias, own);
      throw unknown(path, [...Object.keys(own), 'properties.NAME', 'custom_properties.NAME', ...aliasPrefixes(kind)]);
    },
  };
}

function columnOf(path: Path, neighbour: Neighbour | undefined, name: string, columns = neighbour?.columns ?? {}) {
  const key = name.toLowerCase();
  const column = Object.hasOwn(columns, key) ? columns[key] : undefined;
  if (column) return { column, neighbour };
  throw unknown(path, Object.keys(columns));
}

function unknown(path: Path, known: readonly string[]) {
  return filterError(
    `no attribute is named '${path.segments.join('.')}'; there are ${known.join(', ')}`,
    path.position,
  );
}
