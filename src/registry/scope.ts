import { quotedName } from '../domain/registry-filter-quote.ts';
import { REGISTRY_KINDS, type RegistryKindName, type RegistryNode } from '../domain/registry-kinds.ts';
import { camelCase } from '../domain/registry-names.ts';
import { RegistryError } from '../errors.ts';
import type { CountedList } from '../mlmd/store.ts';

/** What a list is bounded to. */
export type Within =
  /** The artifacts of a context, the executions of a context, the children of a context. */
  | { readonly contextId: bigint }
  /** The rows whose field of this name (a field of {@link RegistryKind}) has the id. */
  | { readonly field: string; readonly id: bigint };

/** Which list of MLMD's holds the rows, and what it has to be filtered by in any case. */
export interface ListScope {
  readonly list: Omit<CountedList, 'filterQuery'>;
  readonly conditions: readonly string[];
}

/** The list of the rows of these kinds, which are all of one node, within a context or of one owner's id. */
export function toListScope(kinds: readonly RegistryKindName[], within: Within | undefined): ListScope {
  const known = kinds.map((kind) => REGISTRY_KINDS[kind]);
  const { node } = REGISTRY_KINDS[kinds[0] ?? 'RegisteredModel'];
  const types = known.map(({ type }) => type);
  const contextId = within && 'contextId' in within ? within.contextId : undefined;
  const members = node !== 'Context' && contextId !== undefined;
  const byType = types.length === 1 && !members;
  return {
    list: {
      node,
      ...(byType && types[0] !== undefined ? { typeName: types[0] } : {}),
      ...(members ? { contextId } : {}),
    },
    conditions: [
      ...(byType ? [] : [`type IN (${types.map((type) => `'${type}'`).join(', ')})`]),
      ...ownedConditions(node, kinds, contextId),
      ...(within && 'field' in within ? [fieldCondition(kinds, within)] : []),
    ],
  };
}

/** The alias of the owner in filters; no alias of a caller's is like it. */
const OWNER = 'parent_contexts_modelgraph_owner';

/**
 * A context of a kind that has an owner is there only when it is linked to one: its create may be half-way. Most rows
 * are; `IS TRUE` keeps the embedded store from listing all of them before it begins.
 */
function ownedConditions(node: RegistryNode, kinds: readonly RegistryKindName[], contextId: bigint | undefined) {
  if (node !== 'Context') return [];
  const owners = kinds.flatMap((kind) => REGISTRY_KINDS[kind].owners.map((owner) => REGISTRY_KINDS[owner].type));
  return [
    ...(contextId === undefined ? [] : [`${OWNER}.id = ${contextId}`]),
    ...[...new Set(owners)].map((type) => `(${OWNER}.type = '${type}') IS TRUE`),
  ];
}

function fieldCondition(
  kinds: readonly RegistryKindName[],
  { field, id }: { readonly field: string; readonly id: bigint },
) {
  const stored = kinds.map((kind) => REGISTRY_KINDS[kind].fields[field]?.stored ?? ownerProperty(kind, field))[0];
  if (stored && 'property' in stored) return `properties.${quotedName(stored.property)}.int_value = ${id}`;
  throw new RegistryError('INTERNAL', `No field ${field} of ${kinds.join(', ')} holds an id.`);
}

function ownerProperty(kind: RegistryKindName, field: string) {
  const { ownerProperty: property } = REGISTRY_KINDS[kind];
  return property !== undefined && camelCase(property) === field ? { property } : undefined;
}
