import { RegistryError } from '../../errors.ts';

import { type DeclaredProperties, declaredProperties } from './declared-properties.ts';
import { orAlreadyExists } from './duplicates.ts';
import { checkDeclared, checkStorable } from './node-checks.ts';
import { nodesById } from './nodes.ts';
import { changeProperties, putProperties } from './put-properties.ts';
import type { Transaction } from './transaction.ts';
import { toUpdateMask } from './update-mask.ts';
import type { NodeInput, WriteKind } from './write-kinds.ts';

/** How nodes that have an id are updated. */
export interface UpdateOptions {
  /** Paths of the fields and properties to write; none for all. New nodes are always written whole. */
  readonly updateMask?: readonly string[] | undefined;
  /** FAILED_PRECONDITION where the given last update time is not the stored one. */
  readonly abortIfLatestUpdatedTimeChanged?: boolean | undefined;
  /** Sets the last update time even where nothing changes. */
  readonly forceUpdateTime?: boolean | undefined;
}

/**
 * Creates the nodes without an id and updates the others, one after the other; gives their ids in the same order.
 * INVALID_ARGUMENT for what does not fit the type and for unknown ids, NOT_FOUND for an unknown type, ALREADY_EXISTS
 * for a name that its type has already and for an external id in use.
 */
export async function upsertNodes(
  transaction: Transaction,
  kind: WriteKind,
  nodes: readonly NodeInput[],
  options: UpdateOptions = {},
): Promise<bigint[]> {
  const known = await readKnown(transaction, kind, nodes);
  const ids: bigint[] = [];
  for (const node of nodes) {
    checkStorable(node);
    if (node.id === undefined) ids.push(await createNode(transaction, kind, node, known));
    else ids.push(await updateNode(transaction, kind, node.id, node, known, options));
  }
  return ids;
}

/**
 * Refuses nodes whose type or properties are wrong before any of them is written, as {@link upsertNodes} would, but in
 * the C++ engine's order for batches: all have to name their type, updates too.
 */
export async function checkTyped(
  transaction: Transaction,
  kind: WriteKind,
  nodes: readonly NodeInput[],
): Promise<void> {
  const typeIds = nodes.map(({ typeId }) => typeId);
  if (typeIds.includes(undefined)) throw noType(kind);
  const known = { types: await declaredProperties(transaction, kind.type, typeIds) };
  const declared = nodes.map(({ typeId = 0n }) => declaredBy(known, kind, typeId));
  for (const [index, { properties }] of nodes.entries()) checkDeclared(properties, declared[index] ?? new Map());
}

/** What is in the store before the first write. */
interface Known {
  /** Nodes to update, by id; one that was updated is removed, as it is known no more. */
  readonly nodes: Map<bigint, NodeInput>;
  /** The types of all nodes of the request, by id. */
  readonly types: ReadonlyMap<bigint, DeclaredProperties>;
}

async function readKnown(transaction: Transaction, kind: WriteKind, nodes: readonly NodeInput[]): Promise<Known> {
  const ids = nodes.map(({ id }) => id).filter((id) => id !== undefined);
  const stored = ids.length === 0 ? [] : await nodesById(transaction, kind.stored, ids, {});
  const types = await declaredProperties(
    transaction,
    kind.type,
    [...nodes, ...stored].map(({ typeId }) => typeId),
  );
  return { types, nodes: new Map(stored.map((node) => [node.id ?? 0n, node])) };
}

async function createNode(transaction: Transaction, kind: WriteKind, node: NodeInput, known: Known): Promise<bigint> {
  if (node.typeId === undefined) throw noType(kind);
  checkDeclared(node.properties, declaredBy(known, kind, node.typeId));
  checkNamed(kind, node);
  const now = BigInt(Date.now());
  const { lastId: id } = await orAlreadyExists(
    duplicateMessage(kind, node),
    transaction.run(kind.insert, node.typeId, node.externalId ?? null, now, now, ...kind.created(node)),
  );
  await putProperties(transaction, { kind, id }, node);
  return id;
}

function noType(kind: WriteKind): RegistryError {
  return new RegistryError('INVALID_ARGUMENT', `The ${kind.type.noun} has no type_id.`);
}

function declaredBy(known: Pick<Known, 'types'>, kind: WriteKind, typeId: bigint): DeclaredProperties {
  const declared = known.types.get(typeId);
  if (declared) return declared;
  throw new RegistryError('NOT_FOUND', `There is no type of ${kind.type.noun}s with the id ${typeId}.`);
}

function checkNamed(kind: WriteKind, node: NodeInput): void {
  if (kind.type.noun === 'context' && !node.name) {
    throw new RegistryError('INVALID_ARGUMENT', 'A context has to have a name.');
  }
}

function duplicateMessage(kind: WriteKind, { name, externalId }: NodeInput): string {
  const named = name === undefined ? [] : [`of this type with the name '${name}'`];
  const external = externalId === undefined ? [] : [`with the external id '${externalId}'`];
  return `There is already a different ${kind.type.noun} ${[...named, ...external].join(' or one ')}.`;
}

async function updateNode(
  transaction: Transaction,
  kind: WriteKind,
  id: bigint,
  node: NodeInput,
  known: Known,
  options: UpdateOptions,
): Promise<bigint> {
  const stored = await takeStored(transaction, kind, id, known);
  checkUpdate(kind, node, stored, options);
  const mask = toUpdateMask(options.updateMask);
  checkDeclared(node.properties, declaredBy(known, kind, stored.typeId ?? 0n), mask.properties);
  const changes =
    (await changeProperties(transaction, { kind, id, custom: false }, node, stored, mask.properties)) +
    (await changeProperties(transaction, { kind, id, custom: true }, node, stored, mask.customProperties));
  if (changes === 0 && !differs(node, stored) && !options.forceUpdateTime) return id;
  const merged = merge(node, stored, mask.covers);
  checkNamed(kind, merged);
  await orAlreadyExists(
    duplicateMessage(kind, merged),
    transaction.run(kind.update, merged.externalId ?? null, updateTime(stored), ...kind.changed(merged), id),
  );
  return id;
}

/** A node that is created or updated earlier in the same request is read anew. */
async function takeStored(transaction: Transaction, kind: WriteKind, id: bigint, known: Known): Promise<NodeInput> {
  const stored = known.nodes.get(id) ?? (await nodesById(transaction, kind.stored, [id], {}))[0];
  known.nodes.delete(id);
  if (stored) return stored;
  throw new RegistryError('INVALID_ARGUMENT', `There is no ${kind.type.noun} ${id} to update.`);
}

function checkUpdate(kind: WriteKind, node: NodeInput, stored: NodeInput, options: UpdateOptions): void {
  const { lastUpdateTimeSinceEpoch: given = 0n } = node;
  if (options.abortIfLatestUpdatedTimeChanged && given !== stored.lastUpdateTimeSinceEpoch) {
    throw new RegistryError('FAILED_PRECONDITION', `The ${kind.type.noun} ${node.id} was updated in the meantime.`);
  }
  if (node.typeId !== undefined && node.typeId !== stored.typeId) {
    throw new RegistryError(
      'INVALID_ARGUMENT',
      `The ${kind.type.noun} ${node.id} has another type, which cannot change.`,
    );
  }
}

/**
 * Whether the C++ engine sets the last update time for it: a field that is present on one side only is a difference,
 * and so is a name or type that an update does not write.
 */
function differs(node: NodeInput, stored: NodeInput): boolean {
  return node.systemMetadata !== undefined || COMPARED.some((field) => node[field] !== stored[field]);
}

const COMPARED = ['name', 'type', 'externalId', 'uri', 'state', 'lastKnownState'] as const;

function merge(node: NodeInput, stored: NodeInput, covers: (field: string) => boolean): NodeInput {
  const from = (field: string) => (covers(field) ? node : stored);
  return {
    ...stored,
    name: from('name').name,
    externalId: from('external_id').externalId,
    uri: from('uri').uri,
    state: from('state').state,
    lastKnownState: from('last_known_state').lastKnownState,
  };
}

/** Later than before, within one millisecond too, so that whoever has read the node can tell that it changed. */
function updateTime({ lastUpdateTimeSinceEpoch: before = 0n }: NodeInput): bigint {
  const now = BigInt(Date.now());
  return before >= now ? before + 1n : now;
}
