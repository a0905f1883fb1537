import { type ARTIFACT_KINDS, REGISTRY_KINDS, type RegistryKindName } from '../domain/registry-kinds.ts';
import { isArchived } from '../domain/row.ts';
import type { UserError } from '../domain/user-error.ts';
import type { Artifact, Context, Execution } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import { type Change, carryOut, type Effect, type Source, type Warning } from './change.ts';
import type { Found } from './find-rows.ts';
import { NODE_RPCS } from './node-rpcs.ts';

/** The message that a row of a kind is. */
export type RowOf<Kind extends RegistryKindName> = Kind extends 'ServeModel'
  ? Execution
  : Kind extends (typeof ARTIFACT_KINDS)[keyof typeof ARTIFACT_KINDS]
    ? Artifact
    : Context;

/** What every change answers. */
export interface Told {
  readonly userErrors: readonly UserError[];
  readonly warnings: readonly Warning[];
  readonly conditional: Effect['conditional'];
}

/** What a change of one row answers. */
export interface RowChanged<Row> extends Told {
  /** As it is now; null where there are user errors. */
  readonly row: Row | null;
  readonly created: boolean | null;
  /** The id of what a new row was linked to; null where it was to nothing. */
  readonly ownerId: bigint | null;
}

/** Carries out a change of one row, whose id is in `effect.ids.row`. */
export async function changeRow<Kind extends RegistryKindName>(
  source: Source,
  kind: Kind,
  change: Omit<Change<never>, 'read'>,
): Promise<RowChanged<RowOf<Kind>>> {
  const { done, userErrors } = await carryOut(source, {
    kind,
    ...change,
    async read({ rpcs, call }, { ids: { row = [] } }) {
      const [read] = await NODE_RPCS[REGISTRY_KINDS[kind].node].byIds(rpcs, row.map(BigInt), call);
      return read ?? null;
    },
  });
  return {
    // The RPCs of the kind's node give messages of that node.
    row: (done?.rows ?? null) as RowOf<Kind> | null,
    created: done?.effect.created ?? null,
    ownerId: done?.effect.ids['owner']?.map(BigInt)[0] ?? null,
    ...toldOf(done?.effect, userErrors),
  };
}

/** What is told of an effect, or of why there is none. */
export function toldOf(effect: Effect | undefined, userErrors: readonly UserError[]): Told {
  return { userErrors, warnings: effect?.warnings ?? [], conditional: effect?.conditional ?? null };
}

/** That something was put into what is archived. */
export function archivedWarnings(owner: Found | undefined): readonly Warning[] {
  if (!owner || !isArchived(owner.kind, owner.row)) return [];
  return [{ code: 'PARENT_ARCHIVED', message: `The ${REGISTRY_KINDS[owner.kind].noun} ${owner.id} is archived.` }];
}

/** The answer with its row under the name that GraphQL has for it. */
export function payload<Name extends string, Row>(name: Name, { row, ...told }: RowChanged<Row>) {
  // A computed name makes a plain object of the type.
  return { ...told, [name]: row } as Omit<RowChanged<Row>, 'row'> & { readonly [Each in Name]: Row | null };
}
