import type { Operand, ValueKind } from './registry-filter.ts';
import {
  ARCHIVED_PROPERTY,
  REGISTRY_KINDS,
  type RegistryField,
  type RegistryKindName,
  type RegistryNode,
} from './registry-kinds.ts';
import { camelCase } from './registry-names.ts';

/** What a name in a filter stands for, and so which values it is compared with. */
export type Named =
  | { readonly type: 'text' | 'struct' | 'int' | 'double' | 'bool' | 'id' | 'time' | 'list'; readonly operand: Operand }
  | {
      readonly type: 'enum';
      readonly operand: Operand;
      /** The stored value for each name. */
      readonly values: Readonly<Record<string, string | number>>;
    }
  /** Whether the mark of what is archived is true; never absent. */
  | { readonly type: 'archived'; readonly operand: Operand }
  /** A property that is looked at as whatever it is compared with. */
  | { readonly type: 'open'; readonly custom: boolean; readonly name: string };

/** Every name that rows of these kinds, which are all of one node, have for a field or an attribute. */
export function namesOf(kinds: readonly RegistryKindName[]): ReadonlyMap<string, Named> {
  const names = new Map<string, Named>();
  for (const kind of kinds) {
    for (const [name, named] of namesOfKind(kind)) {
      const known = names.get(name);
      names.set(name, known ? common(known, named) : named);
    }
  }
  return names;
}

/** A property looked at as one kind of value; `sure` where no struct can stand in its place. */
export function propertyOf(custom: boolean, name: string, kind: ValueKind, sure = false): Named {
  const type = kind === 'string' ? 'text' : kind;
  return { type, operand: { of: 'property', custom, name, kind, ...(sure && { sure: true }) } };
}

function* namesOfKind(kind: RegistryKindName): Generator<readonly [string, Named]> {
  const { node, fields, owners, ownerProperty, archive } = REGISTRY_KINDS[kind];
  yield* Object.entries(nodeNames(kind));
  if (node === 'Artifact') yield ['uri', { type: 'text', operand: attribute('uri', 'string') }];
  if (archive === 'customProperty') yield ['archived', archived()];
  if (ownerProperty !== undefined)
    yield* withAliases(camelCase(ownerProperty), toNamed(idField(ownerProperty, owners[0] ?? kind)));
  for (const [name, field] of Object.entries(fields)) yield* withAliases(name, toNamed(field));
}

/** What every node has, by the names of GraphQL, REST and MLMD. */
function nodeNames(kind: RegistryKindName): Readonly<Record<string, Named>> {
  const { owners } = REGISTRY_KINDS[kind];
  const id = { type: 'id', operand: attribute('id', 'int') } as const;
  const name = owners.length === 0 ? attribute('name', 'string') : ({ of: 'ownName' } as const);
  const externalId = { type: 'text', operand: attribute('external_id', 'string') } as const;
  const created = { type: 'time', operand: attribute('create_time_since_epoch', 'int') } as const;
  const updated = { type: 'time', operand: attribute('last_update_time_since_epoch', 'int') } as const;
  return {
    id,
    databaseId: id,
    name: { type: 'text', operand: name },
    externalId,
    external_id: externalId,
    createTime: created,
    createTimeSinceEpoch: created,
    create_time_since_epoch: created,
    lastUpdateTime: updated,
    lastUpdateTimeSinceEpoch: updated,
    last_update_time_since_epoch: updated,
    type: { type: 'text', operand: attribute('type', 'string') },
    type_id: { type: 'int', operand: attribute('type_id', 'int') },
  };
}

function attribute(column: string, kind: 'int' | 'string'): Operand {
  return { of: 'attribute', column, kind };
}

function archived(): Named {
  return { type: 'archived', operand: { of: 'property', custom: true, name: ARCHIVED_PROPERTY, kind: 'bool' } };
}

function idField(property: string, refersTo: RegistryKindName): RegistryField {
  return { as: 'id', refersTo, stored: { property } };
}

/** A field by its own name, by the one that it is stored under, and by that one as REST writes it. */
function* withAliases(name: string, named: Named): Generator<readonly [string, Named]> {
  yield [name, named];
  const stored = 'operand' in named && named.operand.of === 'property' ? named.operand.name : undefined;
  const column = 'operand' in named && named.operand.of === 'attribute' ? named.operand.column : undefined;
  for (const alias of new Set([stored, column])) {
    if (alias === undefined || alias === name) continue;
    yield [alias, named];
    if (camelCase(alias) !== name) yield [camelCase(alias), named];
  }
}

function toNamed(field: RegistryField): Named {
  if ('attribute' in field.stored) {
    const { column } = field.stored;
    if (field.as !== 'enum') return { type: 'text', operand: attribute(column, 'string') };
    return { type: 'enum', operand: attribute(column, 'int'), values: field.values };
  }
  const property = { of: 'property', custom: false, name: field.stored.property } as const;
  switch (field.as) {
    case 'text':
      return { type: 'text', operand: { ...property, kind: 'string', sure: true } };
    case 'enum':
      return { type: 'enum', operand: { ...property, kind: 'string', sure: true }, values: field.values };
    case 'int':
    case 'id':
      return { type: field.as, operand: { ...property, kind: 'int' } };
    case 'double':
    case 'time':
    case 'list':
      return { type: field.as, operand: { ...property, kind: field.as } };
  }
}

/** What a name stands for where it is a field of two kinds: whatever it is in the row. */
function common(one: Named, other: Named): Named {
  if (JSON.stringify(one) === JSON.stringify(other)) return one;
  const operand = 'operand' in other ? other.operand : undefined;
  return operand?.of === 'property' ? { type: 'open', custom: operand.custom, name: operand.name } : one;
}

/** What may stand before `_x` in the name of a neighbour. */
export const NEIGHBOURS: Readonly<Record<RegistryNode, readonly string[]>> = {
  Artifact: ['contexts', 'events'],
  Execution: ['contexts', 'events'],
  Context: ['parent_contexts', 'child_contexts', 'artifacts', 'executions'],
};
