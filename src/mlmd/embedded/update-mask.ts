/** Which parts of a node an update writes. */
export interface UpdateMask {
  /** Names of the properties to write, absent for all. */
  readonly properties?: ReadonlySet<string>;
  /** Names of the custom properties to write, absent for all. */
  readonly customProperties?: ReadonlySet<string>;
  /** Whether to write the field of this name in the proto file. */
  readonly covers: (field: string) => boolean;
}

/**
 * The paths of an `update_mask`: fields of the node, `properties`, `custom_properties`, or one of them as in
 * `properties.accuracy`. None at all mean everything; unknown fields mean nothing, as in the C++ engine.
 */
export function toUpdateMask(paths: readonly string[] | undefined): UpdateMask {
  if (paths === undefined || paths.length === 0) return { covers: () => true };
  const properties = namesUnder(paths, 'properties');
  const customProperties = namesUnder(paths, 'custom_properties');
  return {
    ...(properties && { properties }),
    ...(customProperties && { customProperties }),
    covers: (field) => paths.includes(field),
  };
}

/** A property's name is all that follows the dot: it may have dots of its own. */
function namesUnder(paths: readonly string[], field: string): ReadonlySet<string> | undefined {
  if (paths.includes(field)) return undefined;
  const prefix = `${field}.`;
  return new Set(paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length)));
}
