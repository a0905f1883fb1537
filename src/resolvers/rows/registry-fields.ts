import type { Context } from '../../context.ts';
import { fieldValue, hasArchivedMark, LIGHT, propertiesFor, type RegistryRow } from '../../domain/registry-fields.ts';
import { REGISTRY_KINDS, type RegistryField, type RegistryKindName } from '../../domain/registry-kinds.ts';
import { toOwnName } from '../../domain/registry-names.ts';
import { whenReady } from '../../domain/when-ready.ts';
import { nodeFields, type WithProperties } from './node-fields.ts';

/** Any resolver of a row's field: which fields there are, and of which types, is checked by test/registry-fields.test.ts. */
type FieldResolver<Row> = (row: Row, args: object, context: Context) => never;

/** The fields of a kind that show what is stored, from the table of kinds. */
export function registryFields<Row extends RegistryRow>(kind: RegistryKindName, withProperties: WithProperties<Row>) {
  const { node, fields, archive } = REGISTRY_KINDS[kind];
  const stored = Object.entries(fields).map(([name, field]) => [name, showing(kind, field, withProperties)]);
  // A context has a name in any case; an empty one stands for what no store of MLMD's lets be.
  const name = (row: Row) => toOwnName(kind, row.name) ?? (node === 'Context' ? '' : null);
  const itself = (row: Row) => row;
  const own = [...stored, ['name', name], [node.toLowerCase(), itself]];
  return {
    ...nodeFields(node, withProperties),
    ...(archive === 'customProperty' && { archived: showingArchived(kind, withProperties) }),
    ...(Object.fromEntries(own) as Readonly<Record<string, FieldResolver<Row>>>),
  };
}

function showing<Row extends RegistryRow>(
  kind: RegistryKindName,
  field: RegistryField,
  withProperties: WithProperties<Row>,
) {
  const names = propertiesFor(REGISTRY_KINDS[kind].node, field);
  if (names === undefined) return (row: Row) => fieldValue(field, row);
  return (row: Row, _arguments: object, context: Context) =>
    whenReady(withProperties(context, row, names), (loaded) => fieldValue(field, loaded));
}

function showingArchived<Row extends RegistryRow>(kind: RegistryKindName, withProperties: WithProperties<Row>) {
  return (row: Row, _arguments: object, context: Context) =>
    whenReady(withProperties(context, row, LIGHT[REGISTRY_KINDS[kind].node]), hasArchivedMark);
}
