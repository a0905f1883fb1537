import { checkStoredName, type Draft, type Input, readDraft } from '../domain/draft.ts';
import { readId } from '../domain/field-input.ts';
import { REGISTRY_KINDS } from '../domain/registry-kinds.ts';
import { toStoredName } from '../domain/registry-names.ts';
import { createMistakes, type Mistakes } from '../domain/user-error.ts';
import type { Artifact, Context } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import { checkComplete, type Entry, writeEntries } from './artifact-entries.ts';
import { artifactsByName } from './artifacts-by-name.ts';
import { carryOut, type Effect, type Source, type Work } from './change.ts';
import { findRows } from './find-rows.ts';
import { checkKept } from './kept-whole.ts';
import { archivedWarnings, type Told, toldOf } from './row-change.ts';

/** The input, as GraphQL's `LogRunInput` has it. */
export interface LogRunInput {
  readonly experimentRunId: string;
  readonly parameters?: readonly Input[] | null | undefined;
  readonly metrics?: readonly Input[] | null | undefined;
  readonly dataSets?: readonly Input[] | null | undefined;
}

/** The kinds by the fields of the input and of the answer. */
const KINDS = { parameters: 'Parameter', metrics: 'Metric', dataSets: 'DataSet' } as const;

/** Rows that one call may log: they are one transaction, for which others wait. */
const MAX_ROWS = 1_000;

type Field = keyof typeof KINDS;

const FIELDS: readonly Field[] = ['parameters', 'metrics', 'dataSets'];

/** What logging answers; the rows are null where there are user errors. */
export interface LoggedRun extends Told {
  readonly experimentRun: Context | null;
  readonly parameters: readonly Artifact[] | null;
  readonly metrics: readonly Artifact[] | null;
  readonly dataSets: readonly Artifact[] | null;
}

/** Writes parameters, metrics and datasets of a run: all or none. What the run has by its name gets the new values. */
export async function logRun(source: Source, input: LogRunInput): Promise<LoggedRun> {
  const mistakes = createMistakes();
  const runId = readId(input.experimentRunId, mistakes.at('experimentRunId'));
  const drafts = FIELDS.map((field) => [field, readDrafts(input, field, mistakes.at(field))] as const);
  const count = drafts.reduce((sum, [, some]) => sum + some.length, 0);
  if (count > MAX_ROWS) mistakes.invalid(`There are ${count} rows to log; one call may have ${MAX_ROWS}.`);
  const { done, userErrors } = await carryOut(source, {
    name: 'logRun',
    input,
    found: mistakes.found,
    make: (work) => log(work, runId, drafts),
    read: (work, effect) => readLogged(work, effect),
  });
  const none = { experimentRun: null, parameters: null, metrics: null, dataSets: null };
  return { ...(done?.rows ?? none), ...toldOf(done?.effect, userErrors) };
}

function readDrafts(input: LogRunInput, field: Field, mistakes: Mistakes): readonly Draft[] {
  const names = new Set<string>();
  return (input[field] ?? []).map((each, index) => {
    const here = mistakes.at(String(index));
    const draft = readDraft(KINDS[field], each, here, 'either');
    checkStoredName(draft, input.experimentRunId, here.at('name'));
    const isRepeated = draft.name !== undefined && names.has(draft.name);
    if (isRepeated && field !== 'metrics') here.at('name').invalid('It is named twice; only metrics have many values.');
    names.add(draft.name ?? '');
    return draft;
  });
}

type Drafts = readonly (readonly [Field, readonly Draft[]])[];

async function log(work: Work, runId: bigint | undefined, drafts: Drafts): Promise<Effect> {
  const those = runId === undefined ? [] : [runId];
  const wanted = those.map((id) => ({
    id,
    kinds: ['ExperimentRun'] as const,
    mistakes: work.mistakes.at('experimentRunId'),
  }));
  const [run] = await findRows(work, wanted);
  work.settle();
  if (!run) throw new RangeError('A run that is not there was not refused.');
  const entries = (await Promise.all(drafts.map(([field, some]) => toEntries(work, run.id, field, some)))).flat();
  tellOfEntries(work, drafts, entries);
  work.settle();
  const written = entries.length === 0 ? [] : await writeEntries(work, run, entries);
  return {
    ids: { experimentRun: [run.id.toString()], ...byField(drafts, written) },
    warnings: archivedWarnings(run),
    conditional: null,
  };
}

async function toEntries(work: Work, runId: bigint, field: Field, drafts: readonly Draft[]): Promise<readonly Entry[]> {
  const kind = KINDS[field];
  const names = drafts.map(({ name = '' }) => toStoredName(kind, name, runId));
  const known = await artifactsByName(work, REGISTRY_KINDS[kind].type, names);
  return drafts.map((draft, index) => {
    const storedName = names[index] ?? '';
    return { draft, storedName, before: known.get(storedName) };
  });
}

function tellOfEntries(work: Work, drafts: Drafts, entries: readonly Entry[]): void {
  for (const [field, some] of splitByField(drafts, entries)) {
    for (const [index, entry] of some.entries()) {
      const mistakes = work.mistakes.at(field, String(index));
      checkKept(work, entry.draft, entry.before, mistakes);
      checkComplete(entry, mistakes);
    }
  }
}

/** The ids in the order of the drafts, each once. */
function byField(drafts: Drafts, ids: readonly bigint[]): Record<string, readonly string[]> {
  return Object.fromEntries(splitByField(drafts, ids.map(String)).map(([field, some]) => [field, [...new Set(some)]]));
}

/** What there is for all drafts, one after the other, by their fields. */
function splitByField<Item>(drafts: Drafts, items: readonly Item[]): (readonly [Field, readonly Item[]])[] {
  let from = 0;
  return drafts.map(([field, { length }]) => {
    from += length;
    return [field, items.slice(from - length, from)];
  });
}

async function readLogged({ rpcs, call }: Work, { ids }: Effect) {
  const idsOf = (field: string) => (ids[field] ?? []).map(BigInt);
  const { contexts } = await rpcs.getContextsById({ contextIds: idsOf('experimentRun') }, call);
  const { artifacts } = await rpcs.getArtifactsById({ artifactIds: FIELDS.flatMap(idsOf) }, call);
  const byId = new Map(artifacts.map((artifact) => [artifact.id, artifact]));
  const rowsOf = (field: Field) => idsOf(field).flatMap((id) => byId.get(id) ?? []);
  return {
    experimentRun: contexts[0] ?? null,
    parameters: rowsOf('parameters'),
    metrics: rowsOf('metrics'),
    dataSets: rowsOf('dataSets'),
  };
}
