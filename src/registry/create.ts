import { checkStoredName, type Draft, type Input, readDraft } from '../domain/draft.ts';
import { readId } from '../domain/field-input.ts';
import { REGISTRY_KINDS, type RegistryKindName } from '../domain/registry-kinds.ts';
import { ownerInput, toOwnName, toStoredName } from '../domain/registry-names.ts';
import { newRow, type Row } from '../domain/row.ts';
import { createMistakes } from '../domain/user-error.ts';
import type { Effect, Source, Work } from './change.ts';
import { checkReferences } from './check-references.ts';
import { type Found, findRows, toWanted, type Wanted } from './find-rows.ts';
import { checkKept } from './kept-whole.ts';
import { putOwned } from './put-owned.ts';
import { archivedWarnings, changeRow, type RowChanged, type RowOf } from './row-change.ts';
import { findTaken, NONE_TAKEN } from './taken.ts';

/** Makes a new row of the kind. */
export function createRow<Kind extends RegistryKindName>(
  source: Source,
  kind: Kind,
  input: Input,
): Promise<RowChanged<RowOf<Kind>>> {
  const mistakes = createMistakes();
  const draft = readDraft(kind, input, mistakes, 'new');
  const owner = readOwner(kind, input, mistakes);
  const prefix = owner?.id.toString() ?? crypto.randomUUID();
  checkStoredName(draft, prefix, mistakes.at('name'));
  return changeRow(source, kind, {
    name: `create${kind}`,
    input,
    found: mistakes.found,
    make: (work) => makeRow(work, draft, owner, toStoredName(kind, draft.name ?? crypto.randomUUID(), prefix)),
  });
}

type Owner = Pick<Wanted, 'id' | 'kinds'> & { readonly field: string };

function readOwner(
  kind: RegistryKindName,
  input: Input,
  mistakes: ReturnType<typeof createMistakes>,
): Owner | undefined {
  const field = ownerInput(kind);
  const given = field === undefined ? undefined : new Map<string, unknown>(Object.entries(input)).get(field);
  if (field === undefined || typeof given !== 'string') return undefined;
  const id = readId(given, mistakes.at(field));
  return id === undefined ? undefined : { id, field, kinds: REGISTRY_KINDS[kind].owners };
}

async function makeRow(work: Work, draft: Draft, wanted: Owner | undefined, storedName: string): Promise<Effect> {
  const { kind, externalId, name } = draft;
  const { mistakes } = work;
  const owners = wanted ? [{ ...wanted, mistakes: mistakes.at(wanted.field) }] : [];
  const references = toWanted(work, draft);
  checkKept(work, draft, undefined, mistakes);
  const names = { kind, externalId, storedName: name === undefined ? undefined : storedName };
  const [found, known] = await Promise.all([
    findRows(work, [...owners, ...references]),
    work.hopeful ? undefined : findTaken(work, names),
  ]);
  const unfit = { ...work, mistakes: createMistakes() };
  checkReferences(unfit, draft, found.slice(owners.length));
  // Where the names are free, as they mostly are, the write is the question. What is refused anyway tells all.
  const isWell = mistakes.found.length + unfit.mistakes.found.length === 0;
  const taken = known ?? (isWell ? NONE_TAKEN : await findTaken(work, names));
  mistakes.addAll([...taken.found, ...unfit.mistakes.found]);
  work.settle();
  const owner = wanted ? found[0] : undefined;
  const row = await toRow(work, draft, storedName, owner);
  const id = await putOwned(work, kind, row, { owner, adopted: taken.adopted });
  const ids = { row: [id.toString()], ...(owner && { owner: [owner.id.toString()] }) };
  return { ids, warnings: archivedWarnings(owner), conditional: null };
}

async function toRow(work: Work, draft: Draft, storedName: string, owner: Found | undefined): Promise<Row> {
  const typeId = (await work.types()).get(REGISTRY_KINDS[draft.kind].type) ?? 0n;
  const named = owner && { id: owner.id, name: toOwnName(owner.kind, owner.row.name) };
  return newRow(draft, { typeId, storedName, owner: named, withState: true });
}
