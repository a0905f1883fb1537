import { type Draft, tellNulls } from '../domain/draft.ts';
import { REGISTRY_KINDS } from '../domain/registry-kinds.ts';
import { changedRow, newRow, type Row } from '../domain/row.ts';
import type { Mistakes } from '../domain/user-error.ts';
import type { Work } from './change.ts';
import type { Found } from './find-rows.ts';
import { toHistory } from './log-values.ts';
import { putArtifacts } from './put-owned.ts';

/** An artifact to be written into a parent. */
export interface Entry {
  readonly draft: Draft;
  readonly storedName: string;
  /** As it is stored; undefined for a new one. */
  readonly before: Row | undefined;
}

/** Tells what a new artifact lacks. What is there already may be changed in part, but not lose what it has to have. */
export function checkComplete({ draft, before }: Entry, mistakes: Mistakes): void {
  if (before) {
    tellNulls(draft, mistakes);
    return;
  }
  const { kind, name, fields } = draft;
  const { noun, randomName, fields: all } = REGISTRY_KINDS[kind];
  if (name === undefined && !randomName) mistakes.at('name').invalid(`A new ${noun} has to have a name.`);
  for (const [field, { required }] of Object.entries(all)) {
    if (required && !fields.has(field)) mistakes.at(field).invalid(`A new ${noun} has to have it.`);
  }
}

/**
 * Writes the entries into the parent by one RPC, several of one name as one artifact with the last values; gives their
 * ids in the order of the entries. In a run each value of a metric becomes one of its history, too.
 */
export async function writeEntries(work: Work, owner: Found, entries: readonly Entry[]): Promise<readonly bigint[]> {
  const types = await work.types();
  const rows = new Map<string, Row>();
  const values: Row[] = [];
  for (const { draft, storedName, before } of entries) {
    const place = { typeId: types.get(REGISTRY_KINDS[draft.kind].type) ?? 0n, storedName, withState: false };
    const key = keyOf(draft, storedName);
    const known = rows.get(key) ?? before;
    const logged = logsValue(draft, owner);
    rows.set(key, known ? changedRow(known, logged ? withWholeValue(draft) : draft).row : newRow(draft, place));
    if (logged) values.push(newRow(draft, place));
  }
  const history = values.length === 0 ? [] : await toHistory(work, owner.id, values);
  const ids = await putArtifacts(work, [...rows.values(), ...history], owner);
  const idOf = new Map(Array.from(rows.keys(), (key, index) => [key, ids[index] ?? 0n]));
  return entries.map(({ draft, storedName }) => idOf.get(keyOf(draft, storedName)) ?? 0n);
}

function keyOf({ kind }: Draft, storedName: string): string {
  return `${kind}:${storedName}`;
}

/** The step and the time are those of the value before: a new one without them takes them away. */
function withWholeValue(draft: Draft): Draft {
  return { ...draft, fields: new Map([['step', null], ['timestamp', null], ...draft.fields]) };
}

/** Whether writing it adds to the history of a metric. */
export function logsValue({ kind, fields }: Draft, owner: Found): boolean {
  return kind === 'Metric' && owner.kind === 'ExperimentRun' && fields.has('value');
}
