import { PropertyType } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';
import { enumName } from '../enum-name.ts';
import { propertyTypeOf } from '../property.ts';
import type { RegistryNode } from '../registry-kinds.ts';
import type { Mistakes } from '../user-error.ts';
import type { Described } from './node.ts';

/** A type as the store has it. */
export interface StoredType {
  readonly id: bigint;
  readonly properties: ReadonlyMap<string, PropertyType>;
}

/** A type that is to be made, or to get more properties. */
export interface LackingType {
  readonly node: RegistryNode;
  readonly name: string;
  /** What it lacks. */
  readonly properties: Map<string, PropertyType>;
}

/** A type of a node as a key of maps. */
export function typeKey({ node, type }: Pick<Described, 'node' | 'type'>): string {
  return `${node}:${type}`;
}

/** What the types lack for these nodes; told where a property is declared as another kind, there or by another node. */
export function lackingTypes(
  described: readonly Described[],
  stored: ReadonlyMap<string, StoredType>,
  all: Mistakes,
): readonly LackingType[] {
  const lacking = new Map<string, LackingType>();
  for (const each of described) {
    const key = typeKey(each);
    const known = stored.get(key);
    const type = lacking.get(key) ?? { node: each.node, name: each.type, properties: new Map() };
    for (const [name, { value, place }] of each.properties) {
      const declared = known?.properties.get(name) ?? type.properties.get(name);
      const given = propertyTypeOf(value) ?? PropertyType.UNKNOWN;
      if (declared === undefined) type.properties.set(name, given);
      else if (declared !== given) {
        const by = known?.properties.has(name) ? `The type '${each.type}'` : 'Another value of the input';
        all.at(...place).invalid(`${by} declares '${name}' as ${kindName(declared)}; this one is ${kindName(given)}.`);
      }
    }
    if (!known || type.properties.size > 0) lacking.set(key, type);
  }
  return [...lacking.values()];
}

function kindName(type: PropertyType): string {
  return enumName(PropertyType, type);
}
