import { filterError, type Path } from './filter-query.ts';
import type { ValueKind } from './registry-filter.ts';
import { type Named, NEIGHBOURS, namesOf, propertyOf } from './registry-filter-names.ts';
import { REGISTRY_KINDS, type RegistryKindName } from './registry-kinds.ts';

/** What the names in one filter stand for. */
export interface FilterScope {
  /** What a name stands for; undefined for a field of a neighbour. INVALID_ARGUMENT for what it cannot be. */
  named(path: Path): Named | undefined;
}

const SUFFIXES: Readonly<Record<string, ValueKind>> = {
  string_value: 'string',
  int_value: 'int',
  double_value: 'double',
  bool_value: 'bool',
  struct_value: 'struct',
};

/** The names in a filter on these kinds: fields and attributes, MLMD's own paths, and custom properties. */
export function createScope(kinds: readonly RegistryKindName[]): FilterScope {
  const names = namesOf(kinds);
  const neighbour = new RegExp(`^(${kinds.flatMap((kind) => NEIGHBOURS[REGISTRY_KINDS[kind].node]).join('|')})_\\w+$`);

  return {
    named(path) {
      const [first = '', second = '', third = '', ...rest] = path.segments;
      if (path.segments.length === 1) return names.get(first) ?? { type: 'open', custom: true, name: first };
      const kind = suffixOf(path.segments.length === 2 ? second : third);
      if (path.segments.length === 2) {
        if (kind) return withKind(path, names.get(first), first, kind);
        if (neighbour.test(first) && /^[a-z_]+$/.test(second)) return undefined;
      }
      if (path.segments.length === 3 && rest.length === 0 && kind) {
        if (first === 'properties' || first === 'custom_properties') {
          return propertyOf(first === 'custom_properties', second, kind);
        }
      }
      throw filterError(
        `'${path.segments.join('.')}' names nothing; a custom property with dots in its name stands in backquotes, and ` +
          `the kind of value behind a point is one of ${Object.keys(SUFFIXES).join(', ')}`,
        path.position,
      );
    },
  };
}

function suffixOf(segment: string): ValueKind | undefined {
  return Object.hasOwn(SUFFIXES, segment) ? SUFFIXES[segment] : undefined;
}

/** A field or custom property whose kind of value is told; attributes have none. */
function withKind(path: Path, named: Named | undefined, name: string, kind: ValueKind): Named {
  if (!named) return propertyOf(true, name, kind);
  if (named.type === 'open') return propertyOf(named.custom, named.name, kind);
  const { operand } = named;
  if (operand.of === 'property') return propertyOf(operand.custom, operand.name, kind, operand.sure);
  throw filterError(
    `'${name}' has no kinds of value; for a custom property of this name write custom_properties.${name}.${path.segments[1]}`,
    path.position,
  );
}
