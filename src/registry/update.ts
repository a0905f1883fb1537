import { type Draft, readDraft } from '../domain/draft.ts';
import { readId } from '../domain/field-input.ts';
import { ARCHIVED_PROPERTY, REGISTRY_KINDS, type RegistryKindName } from '../domain/registry-kinds.ts';
import { changedRow, type Row } from '../domain/row.ts';
import { createMistakes, Refusal } from '../domain/user-error.ts';
import { registryErrorIn } from '../errors.ts';
import type { Effect, Source, Work } from './change.ts';
import { checkReferences } from './check-references.ts';
import { findRows, toWanted } from './find-rows.ts';
import { checkKept } from './kept-whole.ts';
import { NODE_RPCS } from './node-rpcs.ts';
import { changeRow, type RowChanged, type RowOf } from './row-change.ts';
import { checkExternalId } from './taken.ts';

/** What every input has that changes a row that is there. */
export interface ChangeInput {
  readonly databaseId: string;
  /** Digits where it was written as a literal. */
  readonly ifLastUpdateTime?: bigint | string | null | undefined;
}

/** Changes what the input names of a row. */
export function updateRow<Kind extends RegistryKindName>(
  source: Source,
  kind: Kind,
  input: ChangeInput,
): Promise<RowChanged<RowOf<Kind>>> {
  const mistakes = createMistakes();
  return change(source, { name: `update${kind}`, input, mistakes }, readDraft(kind, input, mistakes, 'change'), kind);
}

/** Takes a row out of use, or back into use. */
export function archiveRow<Kind extends RegistryKindName>(
  source: Source,
  kind: Kind,
  input: ChangeInput,
  archived: boolean,
): Promise<RowChanged<RowOf<Kind>>> {
  const { archive } = REGISTRY_KINDS[kind];
  const name = `${archived ? 'archive' : 'restore'}${kind}`;
  const mistakes = createMistakes();
  const state = archive === 'customProperty' ? {} : { [archive.field]: archived ? archive.archived : archive.live };
  const draft = readDraft(kind, state, mistakes, 'change');
  const mark = new Map([[ARCHIVED_PROPERTY, archived ? { boolValue: true } : null]]);
  const marked = archive === 'customProperty' ? { ...draft, customProperties: mark } : draft;
  return change(source, { name, input, mistakes, at: () => 'databaseId' }, marked, kind);
}

interface Asked {
  readonly name: string;
  readonly input: ChangeInput;
  readonly mistakes: ReturnType<typeof createMistakes>;
  /** The place in the input of a field that is written; its name where this is absent. */
  readonly at?: ((field: string) => string) | undefined;
}

function change<Kind extends RegistryKindName>(
  source: Source,
  { name, input, mistakes, at }: Asked,
  draft: Draft,
  kind: Kind,
): Promise<RowChanged<RowOf<Kind>>> {
  const id = readId(input.databaseId, mistakes.at('databaseId'));
  const { ifLastUpdateTime: time } = input;
  const expected = time === null || time === undefined ? undefined : BigInt(time);
  return changeRow(source, kind, {
    name,
    input,
    found: mistakes.found,
    make: (work) => makeChange(work, draft, { id, expected, at }),
  });
}

async function makeChange(
  work: Work,
  draft: Draft,
  { id, expected, at }: Pick<Asked, 'at'> & { readonly id: bigint | undefined; readonly expected: bigint | undefined },
): Promise<Effect> {
  const { mistakes } = work;
  const those = id === undefined ? [] : [{ id, kinds: [draft.kind], mistakes: mistakes.at('databaseId') }];
  const found = await findRows(work, [...those, ...toWanted(work, draft)]);
  const row = id === undefined ? undefined : found[0]?.row;
  checkReferences(work, draft, found.slice(those.length), row);
  if (row && id !== undefined) await checkExternalId(work, draft, id, mistakes);
  checkKept(work, draft, row, mistakes, at);
  if (row && isStale(row, expected)) tellConflict(mistakes);
  work.settle();
  if (!row || id === undefined) throw new RangeError('A change without a row was not refused.');
  await writeChanges(work, row, draft, expected);
  const { refusesStale } = NODE_RPCS[REGISTRY_KINDS[draft.kind].node];
  const exact = work.atomic || refusesStale;
  return {
    ids: { row: [id.toString()] },
    warnings: [],
    conditional: expected === undefined ? null : exact ? 'EXACT' : 'BEST_EFFORT',
  };
}

function isStale({ lastUpdateTimeSinceEpoch }: Row, expected: bigint | undefined): boolean {
  return expected !== undefined && lastUpdateTimeSinceEpoch !== expected;
}

function tellConflict(mistakes: ReturnType<typeof createMistakes>): void {
  mistakes.at('ifLastUpdateTime').add('CONFLICT', 'It was changed since that time; read it anew.');
}

/** Writes what differs, and nothing where nothing does, so that the time of the last update stays. */
export async function writeChanges(work: Work, before: Row, draft: Draft, expected?: bigint): Promise<void> {
  const { row, mask } = changedRow(before, draft);
  if (mask.length === 0) return;
  await work.types(); // an older registry's may lack a property
  const { put, refusesStale } = NODE_RPCS[REGISTRY_KINDS[draft.kind].node];
  const ifUnchanged = expected !== undefined && refusesStale;
  try {
    await put(work.rpcs, row, { updateMask: mask, ifUnchanged }, work.call);
  } catch (error) {
    if (!ifUnchanged || registryErrorIn(error)?.code !== 'FAILED_PRECONDITION') throw error;
    const mistakes = createMistakes();
    tellConflict(mistakes);
    throw new Refusal(mistakes.found);
  }
}
