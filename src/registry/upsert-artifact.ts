import { checkStoredName, type Draft, readDraft } from '../domain/draft.ts';
import { readId } from '../domain/field-input.ts';
import { ARTIFACT_KINDS, REGISTRY_KINDS } from '../domain/registry-kinds.ts';
import { toOwnName, toStoredName } from '../domain/registry-names.ts';
import type { Row } from '../domain/row.ts';
import { canBeName } from '../domain/text-input.ts';
import { createMistakes, type Mistakes } from '../domain/user-error.ts';
import type { Artifact } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import { checkComplete, type Entry, logsValue, writeEntries } from './artifact-entries.ts';
import type { Effect, Source, Work } from './change.ts';
import { type Found, findRows, type Wanted } from './find-rows.ts';
import { checkKept } from './kept-whole.ts';
import { NODE_RPCS } from './node-rpcs.ts';
import { archivedWarnings, changeRow, type RowChanged } from './row-change.ts';
import { checkExternalId } from './taken.ts';
import { writeChanges } from './update.ts';

/** The input, as GraphQL's `UpsertArtifactInput` has it. */
export interface UpsertInput {
  readonly parentId: string;
  readonly databaseId?: string | null | undefined;
}

/** The kinds of artifact by the field of the input that has one. */
const KINDS = {
  modelArtifact: ARTIFACT_KINDS.MODEL,
  docArtifact: ARTIFACT_KINDS.DOC,
  dataSet: ARTIFACT_KINDS.DATA_SET,
  metric: ARTIFACT_KINDS.METRIC,
  parameter: ARTIFACT_KINDS.PARAMETER,
} as const;

/** What is asked for, as far as it could be read. */
interface Asked {
  readonly parentId: bigint | undefined;
  readonly id: bigint | undefined;
  readonly field: string;
  readonly draft: Draft;
}

/** Changes the artifact of this id or of this name in the parent, or makes it; it belongs to the parent afterwards. */
export async function upsertArtifact(source: Source, input: UpsertInput): Promise<RowChanged<Artifact>> {
  const mistakes = createMistakes();
  const asked = readInput(input, mistakes);
  return changeRow(source, asked.draft.kind, {
    name: 'upsertArtifact',
    input,
    found: mistakes.found,
    make: (work) => upsert(work, asked),
  });
}

function readInput(input: UpsertInput, mistakes: Mistakes): Asked {
  const given = new Map<string, unknown>(Object.entries(input));
  const fields = Object.entries(KINDS).filter(([name]) => (given.get(name) ?? null) !== null);
  if (fields.length !== 1) mistakes.invalid(`Exactly one of ${Object.keys(KINDS).join(', ')} has to be given.`);
  const [field, kind] = fields[0] ?? ['modelArtifact', KINDS.modelArtifact];
  const draft = readDraft(kind, Object(given.get(field)), mistakes.at(field), 'either');
  checkStoredName(draft, input.parentId, mistakes.at(field, 'name'));
  const { databaseId } = input;
  return {
    field,
    draft,
    parentId: readId(input.parentId, mistakes.at('parentId')),
    id: typeof databaseId === 'string' ? readId(databaseId, mistakes.at('databaseId')) : undefined,
  };
}

async function upsert(work: Work, { parentId, id, field, draft }: Asked): Promise<Effect> {
  const { mistakes } = work;
  const { owners } = REGISTRY_KINDS[draft.kind];
  const parents: Wanted[] =
    parentId === undefined ? [] : [{ id: parentId, kinds: owners, mistakes: mistakes.at('parentId') }];
  const those: Wanted[] = id === undefined ? [] : [{ id, kinds: [draft.kind], mistakes: mistakes.at('databaseId') }];
  const [owner, artifact] = await findBoth(work, parents, those);
  const hoped = owner && id === undefined ? toHopedEntry(work, draft, owner) : undefined;
  const entry = hoped ?? (await toEntry(work, draft, parentId, artifact));
  if (id === undefined || artifact) checkComplete(entry, mistakes.at(field));
  checkSameName(draft, artifact, mistakes.at(field, 'name'));
  checkKept(work, draft, entry.before, mistakes.at(field));
  if (!hoped) await checkExternalId(work, draft, entry.before?.id, mistakes.at(field));
  work.settle();
  if (!owner) throw new RangeError('An artifact without a parent was not refused.');
  const written = await writeEntry(work, owner, entry, id !== undefined);
  return {
    ids: { row: [written.toString()] },
    warnings: archivedWarnings(owner),
    conditional: null,
    created: entry.before === undefined,
  };
}

async function findBoth(
  work: Work,
  parents: readonly Wanted[],
  those: readonly Wanted[],
): Promise<readonly [Found | undefined, Found | undefined]> {
  const found = await findRows(work, [...parents, ...those]);
  return [found.slice(0, parents.length)[0], found.slice(parents.length)[0]];
}

/**
 * A new artifact, where its names may be hoped to be free; undefined where they are to be looked at. A metric mostly is
 * there already: each of its values is logged under its name.
 */
function toHopedEntry(work: Work, draft: Draft, owner: Found): Entry | undefined {
  const { kind, name = crypto.randomUUID() } = draft;
  const entry: Entry = { draft, storedName: toStoredName(kind, name, owner.id), before: undefined };
  const unfit = createMistakes();
  checkComplete(entry, unfit);
  checkKept(work, draft, undefined, unfit);
  return work.hopeful && kind !== ARTIFACT_KINDS.METRIC && unfit.found.length === 0 ? entry : undefined;
}

async function toEntry(
  { rpcs, call }: Work,
  draft: Draft,
  parentId: bigint | undefined,
  artifact: Found | undefined,
): Promise<Entry> {
  const { kind, name } = draft;
  if (artifact) return { draft, storedName: artifact.row.name ?? '', before: artifact.row };
  const storedName = toStoredName(kind, name ?? crypto.randomUUID(), parentId ?? 0n);
  const isNew = name === undefined || parentId === undefined || !canBeName(storedName);
  const before = isNew ? undefined : await NODE_RPCS.Artifact.byName(rpcs, REGISTRY_KINDS[kind].type, storedName, call);
  return { draft, storedName, before };
}

function checkSameName({ kind, name }: Draft, artifact: Found | undefined, mistakes: Mistakes): void {
  if (!artifact || name === undefined || name === toOwnName(kind, artifact.row.name)) return;
  mistakes.invalid('The artifact has another name, and names do not change.');
}

/** One RPC where it is new, or where a value goes into the history; else the changes alone, and then the link. */
async function writeEntry(work: Work, owner: Found, entry: Entry, byId: boolean): Promise<bigint> {
  const { draft, before } = entry;
  if (before?.id === undefined || logsValue(draft, owner)) {
    const [id = 0n] = await writeEntries(work, owner, [entry]);
    return id;
  }
  await writeChanges(work, before, draft);
  if (byId) await attach(work, owner.id, before);
  return before.id;
}

async function attach({ rpcs, call }: Work, contextId: bigint, { id: artifactId }: Row): Promise<void> {
  await rpcs.putAttributionsAndAssociations({ attributions: [{ contextId, artifactId }], associations: [] }, call);
}
