import type { Context } from '../../context.ts';
import type { RegistryKindName } from '../../domain/registry-kinds.ts';
import { toOwnerId } from '../../domain/registry-names.ts';
import type {
  Context as ContextMessage,
  Execution as ExecutionMessage,
} from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

/** The owner of a context, of this kind; null where it is gone. Its name tells it, and where it does not, the link. */
export function ownerOfContext(kind: RegistryKindName, owner: RegistryKindName) {
  return async (row: ContextMessage, _arguments: object, { loaders }: Context) => {
    const named = await namedOwner(kind, owner, row.name, loaders);
    if (named) return named;
    const parents = await loaders.parentsOfContext.load(row.id ?? 0n);
    return firstOfKind(
      parents.map(({ id = 0n }) => id),
      owner,
      loaders,
    );
  };
}

/** The id of a row's owner, which its stored name begins with; null where it does not. */
export function ownerIdOf(kind: RegistryKindName) {
  return ({ name }: { readonly name?: string | undefined }) => toOwnerId(kind, name)?.toString() ?? null;
}

/** The owner of an execution, in the same way. */
export function ownerOfExecution(kind: RegistryKindName, owner: RegistryKindName) {
  return async (row: ExecutionMessage, _arguments: object, { loaders }: Context) =>
    (await namedOwner(kind, owner, row.name, loaders)) ??
    firstOfKind(await loaders.contextsOfExecution.load(row.id ?? 0n), owner, loaders);
}

async function namedOwner(
  kind: RegistryKindName,
  owner: RegistryKindName,
  name: string | undefined,
  { registered }: Context['loaders'],
) {
  const id = toOwnerId(kind, name);
  return id === undefined ? null : registered.context(owner, id);
}

async function firstOfKind(ids: readonly bigint[], kind: RegistryKindName, { registered }: Context['loaders']) {
  const rows = await Promise.all(ids.map((id) => registered.context(kind, id)));
  return rows.find((row) => row !== null) ?? null;
}
