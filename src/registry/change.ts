import { createMistakes, type Mistakes, Refusal, type UserError } from '../domain/user-error.ts';
import { RegistryError, registryErrorIn, unknownOutcome } from '../errors.ts';
import type { Call, MetadataStore, MetadataStoreRpcs } from '../mlmd/store.ts';
import { auditedChange, auditFailure } from './audited-change.ts';
import { answeredBefore, fingerprintOf, keepAnswer, keyMistakes } from './idempotency.ts';
import { transact } from './transact.ts';
import { forgetTypes, registerTypes, rememberTypes, type TypeIds } from './types.ts';

/** What a change is made with. */
export interface Source {
  readonly store: MetadataStore;
  readonly call: Call;
  /** Hears that what was read before may not be so any more. */
  readonly forget: () => void;
}

/** Something worth knowing of a change that was made. */
export interface Warning {
  readonly code: 'PARENT_ARCHIVED';
  readonly message: string;
}

/** What a change did, in a form that can be kept. */
export interface Effect {
  /** The ids of what was written, in digits, by the name of the field that shows them. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
  readonly warnings: readonly Warning[];
  readonly conditional: 'EXACT' | 'BEST_EFFORT' | null;
  /** Whether what was written is new, where that may be or not. */
  readonly created?: boolean;
}

/** What a change has to work with, in one attempt. */
export interface Work {
  readonly rpcs: MetadataStoreRpcs;
  readonly call: Call;
  /** True where all of the attempt is one transaction. */
  readonly atomic: boolean;
  /** True where a write may be tried before it is known that it can be: it is told of ALREADY_EXISTS and comes again. */
  readonly hopeful: boolean;
  /** True over an MLMD server, false over a store of our own. */
  readonly foreign: boolean;
  readonly mistakes: Mistakes;
  /** Ends the attempt where there are mistakes. To be called after all checks and before the first write. */
  settle(): void;
  /** The ids of the registry's types, which are there from then on. */
  types(): Promise<TypeIds>;
}

/** A change to the registry. */
export interface Change<Rows> {
  /** The name of the mutation. */
  readonly name: string;
  /** What `ids.row` of its effect and `databaseId` of its input are, where it is a change of one row. */
  readonly kind?: string;
  readonly input: object;
  /** What is wrong with the input in itself. */
  readonly found: readonly UserError[];
  /** Checks, settles and writes. It may be called again, where it met with another change. */
  make(work: Work): Promise<Effect>;
  /** Reads what was written. */
  read(work: Work, effect: Effect): Promise<Rows>;
}

/** What a change answers: rows and effect, or why there is none. */
export interface Changed<Rows> {
  readonly done: { readonly rows: Rows; readonly effect: Effect } | null;
  readonly userErrors: readonly UserError[];
}

/**
 * Makes a change: all of it or nothing, and nothing where there are user errors. Failures that are not the caller's
 * are thrown.
 */
export async function carryOut<Rows>(source: Source, change: Change<Rows>): Promise<Changed<Rows>> {
  const { store } = source;
  try {
    const found = [...change.found, ...keyMistakes(change, store.atomically !== undefined)];
    const done = found.length > 0 ? await look(source, change, found) : await make(source, change);
    return { done, userErrors: [] };
  } catch (error) {
    auditFailure(source.call, change, error);
    if (error instanceof Refusal) return { done: null, userErrors: error.userErrors };
    forgetTypes(store);
    throw error;
  } finally {
    source.forget();
  }
}

/** The other checks of a change that is refused already, so that all that is wrong is told. It writes nothing. */
async function look<Rows>({ store, call }: Source, change: Change<Rows>, found: readonly UserError[]): Promise<never> {
  await change.make(openWork({ store, rpcs: store, call, atomic: false, hopeful: false }, found, {}));
  throw new RegistryError('INTERNAL', `${change.name} was made though it was refused.`);
}

async function make<Rows>(source: Source, change: Change<Rows>): Promise<{ rows: Rows; effect: Effect }> {
  const fingerprint = await fingerprintOf(change);
  let registered: TypeIds | undefined;
  let begun = false;
  let made = false;
  let line: ReturnType<typeof auditedChange>;
  const done = await transact(source, async ({ kept, ...attempt }) => {
    const work = openWork({ store: source.store, ...attempt }, [], {
      types(types) {
        registered = types;
      },
      settled() {
        begun = !attempt.atomic;
      },
    });
    const before = await answeredBefore(kept, change, fingerprint);
    const effect = before ?? (await change.make(work));
    made = !attempt.atomic;
    if (!before) await keepAnswer(kept, change, fingerprint, effect);
    line = auditedChange(source.call, change, effect, before !== undefined);
    if (line) await kept?.note(line);
    return { effect, rows: await change.read(work, effect) };
  }).catch((error: unknown) => {
    throw begun && isSilence(error, made) ? unknownOutcome(error) : error;
  });
  if (line) source.call.audit?.emit(line, source.store.atomically !== undefined);
  if (registered) rememberTypes(source.store, registered);
  return done;
}

/** True where there was no answer in time, so that what was asked for may have been done; made, it cannot be read. */
function isSilence(error: unknown, made: boolean): boolean {
  const code = registryErrorIn(error)?.code;
  return code === 'DEADLINE_EXCEEDED' || (made && code === 'UNAVAILABLE');
}

interface Attempt {
  readonly store: MetadataStore;
  readonly rpcs: MetadataStoreRpcs;
  readonly call: Call;
  readonly atomic: boolean;
  readonly hopeful: boolean;
}

function openWork(
  { store, ...attempt }: Attempt,
  found: readonly UserError[],
  hears: { types?(types: TypeIds): void; settled?(): void },
): Work {
  const mistakes = createMistakes(found);
  let types: Promise<TypeIds> | undefined;
  return {
    ...attempt,
    foreign: store.atomically === undefined,
    mistakes,
    settle() {
      if (mistakes.found.length > 0) throw new Refusal(mistakes.found);
      hears.settled?.();
    },
    async types() {
      types ??= registerTypes(store, attempt.rpcs, attempt.call);
      hears.types?.(await types);
      return types;
    },
  };
}
