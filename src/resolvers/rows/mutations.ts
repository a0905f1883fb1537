import type { Context } from '../../context.ts';
import type { Input } from '../../domain/draft.ts';
import type { RegistryKindName } from '../../domain/registry-kinds.ts';
import { needsOwner } from '../../domain/registry-owner.ts';
import { createRow } from '../../registry/create.ts';
import { payload, type RowChanged, type RowOf } from '../../registry/row-change.ts';
import { archiveRow, type ChangeInput, updateRow } from '../../registry/update.ts';

type Resolver<Kind extends RegistryKindName, Given> = (
  root: unknown,
  args: { readonly input: Given },
  context: Context,
) => Promise<ReturnType<typeof payload<Uncapitalize<Kind>, RowOf<Kind>>>>;

type Mutations<Kind extends RegistryKindName> = {
  readonly [Name in `create${Kind}`]: Resolver<Kind, Input>;
} & { readonly [Name in `${'update' | 'archive' | 'restore'}${Kind}`]: Resolver<Kind, ChangeInput> };

/** The four mutations that all kinds have: of the kind `DataSet`, `createDataSet` and so on, which answer a `dataSet`. */
export function mutationsOf<Kind extends RegistryKindName>(kind: Kind): Mutations<Kind> {
  const change =
    <Given>(make: (context: Context, input: Given) => Promise<RowChanged<RowOf<Kind>>>): Resolver<Kind, Given> =>
    async (_root, { input }, context) =>
      payload(fieldOf(kind), await make(context, input));
  return {
    [`create${kind}`]: change((context, input: Input) => createLinked(context, kind, input)),
    [`update${kind}`]: change((context, input: ChangeInput) => updateRow(context, kind, input)),
    [`archive${kind}`]: change((context, input: ChangeInput) => archiveRow(context, kind, input, true)),
    [`restore${kind}`]: change((context, input: ChangeInput) => archiveRow(context, kind, input, false)),
  } as Mutations<Kind>; // Computed names make a plain object of the type.
}

/** A new row; whose it is need not be read again, where it is a context. */
async function createLinked<Kind extends RegistryKindName>(context: Context, kind: Kind, input: Input) {
  const made = await createRow(context, kind, input);
  const isLinked = made.row && made.ownerId !== null && needsOwner(kind);
  if (isLinked) context.loaders.links.prime(made.row.id ?? 0n, made.ownerId);
  return made;
}

function fieldOf<Kind extends RegistryKindName>(kind: Kind): Uncapitalize<Kind> {
  return `${kind.charAt(0).toLowerCase()}${kind.slice(1)}` as Uncapitalize<Kind>;
}
