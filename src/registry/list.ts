import type { OrderArgument, PageArguments, RegistryPage } from '../domain/page.ts';
import type { RegistryKindName } from '../domain/registry-kinds.ts';
import { RegistryError } from '../errors.ts';
import type { Artifact, Context, Execution } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';

/** The arguments of a list of the registry. */
export interface RegistryListArguments extends PageArguments {
  readonly orderBy?: OrderArgument<'ID' | 'CREATE_TIME' | 'LAST_UPDATE_TIME'> | null | undefined;
  /** The GraphQL input `…Where` of the kind. */
  readonly where?: object | null | undefined;
  /** In the REST grammar or MLMD's. */
  readonly filterQuery?: string | null | undefined;
}

/** What a list is bounded to. */
export type Within =
  /** The artifacts of a context, the executions of a context, the children of a context. */
  | { readonly contextId: bigint }
  /** The rows whose field of this name (a field of {@link RegistryKind}) has the id. */
  | { readonly field: string; readonly id: bigint };

/** One page of the rows of these kinds, all of one node. INVALID_ARGUMENT for a bad filter, page size or cursor. */
export async function listRegistry<Node extends Artifact | Execution | Context>(
  _source: { readonly store: MetadataStore; readonly call: Call },
  _kinds: readonly RegistryKindName[],
  _list: RegistryListArguments,
  _within?: Within,
): Promise<RegistryPage<Node>> {
  throw new RegistryError('UNIMPLEMENTED', 'Lists of the registry are being built.');
}
