import type { Context } from '../../context.ts';
import type { RegistryKindName } from '../../domain/registry-kinds.ts';
import { toOwnerId } from '../../domain/registry-names.ts';
import type {
  Context as ContextMessage,
  Execution as ExecutionMessage,
} from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

/** The owner of a context, of this kind: of several that it is linked to, the one whose id begins its name. */
export function ownerOfContext(kind: RegistryKindName, owner: RegistryKindName) {
  return async (row: ContextMessage, _arguments: object, { loaders }: Context) =>
    firstOfKind(await loaders.links.parentIds(row), toOwnerId(kind, row.name), owner, loaders);
}

/** The id of the owner of a context, as {@link ownerOfContext} tells it; the owner is read only where its name is another's. */
export function ownerIdOf(kind: RegistryKindName, owner: RegistryKindName) {
  return async (row: ContextMessage, _arguments: object, { loaders }: Context) => {
    const ids = await loaders.links.parentIds(row);
    const named = toOwnerId(kind, row.name);
    if (named !== undefined && ids.includes(named)) return named.toString();
    return (await firstOfKind(ids, named, owner, loaders))?.id?.toString() ?? null;
  };
}

/** The owner of an execution, in the same way. */
export function ownerOfExecution(kind: RegistryKindName, owner: RegistryKindName) {
  return async (row: ExecutionMessage, _arguments: object, { loaders }: Context) =>
    firstOfKind(await loaders.contextsOfExecution.load(row.id ?? 0n), toOwnerId(kind, row.name), owner, loaders);
}

async function firstOfKind(
  ids: readonly bigint[],
  named: bigint | undefined,
  kind: RegistryKindName,
  { registered }: Context['loaders'],
) {
  const byHint = named !== undefined && ids.includes(named) ? [named, ...ids] : ids;
  const rows = await Promise.all(byHint.map((id) => registered.context(kind, id)));
  return rows.find((row) => row !== null) ?? null;
}
