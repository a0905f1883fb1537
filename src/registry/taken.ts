import type { Draft } from '../domain/draft.ts';
import { REGISTRY_KINDS, type RegistryKindName, registryKindOf } from '../domain/registry-kinds.ts';
import type { Row } from '../domain/row.ts';
import { canBeName } from '../domain/text-input.ts';
import { createMistakes, type Mistakes, type UserError } from '../domain/user-error.ts';
import type { Work } from './change.ts';
import { isLinked } from './find-rows.ts';
import { NODE_RPCS } from './node-rpcs.ts';

/** What a new row wants to be known by. */
export interface WantedNames {
  readonly kind: RegistryKindName;
  /** Undefined for a random name, which nobody has. */
  readonly storedName: string | undefined;
  readonly externalId: string | null | undefined;
}

/** Which of the names are taken. */
export interface TakenNames {
  readonly found: readonly UserError[];
  /** The id of a context of this name that is nobody's child, which the new row is to take over. */
  readonly adopted: bigint | undefined;
}

/** All names are free. */
export const NONE_TAKEN: TakenNames = { found: [], adopted: undefined };

/** Which of the names are taken, and by whom. It may run beside other checks, and so tells nobody of it. */
export async function findTaken(source: Work, wanted: WantedNames): Promise<TakenNames> {
  const work = { ...source, mistakes: createMistakes() };
  const [adopted, holder] = await Promise.all([nameHolder(work, wanted), externalIdHolder(work, wanted)]);
  if (holder && holder.id !== adopted) await tellExternalIdTaken(work, holder, work.mistakes);
  return { found: work.mistakes.found, adopted };
}

async function nameHolder(work: Work, { kind, storedName }: WantedNames): Promise<bigint | undefined> {
  if (storedName === undefined || !canBeName(storedName)) return undefined;
  const { node, type, noun } = REGISTRY_KINDS[kind];
  const holder = await NODE_RPCS[node].byName(work.rpcs, type, storedName, work.call);
  if (holder === undefined) return undefined;
  if (!(await isLinked(work, kind, holder))) return holder.id;
  work.mistakes.at('name').add('NAME_TAKEN', `There is a ${noun} of this name already.`, holder.id);
  return undefined;
}

async function externalIdHolder(
  work: Work,
  { kind, externalId }: Pick<Draft, 'kind' | 'externalId'>,
): Promise<Row | undefined> {
  if (typeof externalId !== 'string' || !canBeName(externalId)) return undefined;
  const { node } = REGISTRY_KINDS[kind];
  return (await NODE_RPCS[node].byExternalIds(work.rpcs, [externalId], work.call))[0];
}

/** A half-made row is shown nowhere: it has to be told here how the external id gets free. */
async function tellExternalIdTaken(work: Work, holder: Row, mistakes: Mistakes): Promise<void> {
  const kind = registryKindOf(holder);
  const message =
    kind && !(await isLinked(work, kind, holder))
      ? `A ${REGISTRY_KINDS[kind].noun} stored as '${holder.name}' has the external id; it was left half-made, and is taken over when it is created anew.`
      : 'Another one has the external id already.';
  mistakes.at('externalId').add('EXTERNAL_ID_TAKEN', message, holder.id);
}

/** Tells where the row of this id, or a new one, would get the external id of another. */
export async function checkExternalId(
  work: Work,
  draft: Draft,
  id: bigint | undefined,
  mistakes: Mistakes,
): Promise<void> {
  const holder = await externalIdHolder(work, draft);
  if (holder && holder.id !== id) await tellExternalIdTaken(work, holder, mistakes);
}
