import type { Mistakes } from '../user-error.ts';
import { type EventInput, type RecordedEvent, readEvents, type Side } from './event.ts';
import { checkApart, isFoundAgain, type Member, type MemberInput, readMember } from './member.ts';
import { type Described, type DescribedInput, readDescribed } from './node.ts';
import { typeKey } from './types.ts';

type Maybe<Item> = readonly Item[] | null | undefined;

/** The input, as GraphQL's `RecordExecutionInput` has it. */
export interface RecordExecutionInput extends DescribedInput {
  readonly inputs?: Maybe<MemberInput & EventInput>;
  readonly outputs?: Maybe<MemberInput & EventInput>;
  readonly contexts?: Maybe<MemberInput>;
}

/** An artifact, and how it took part. */
export interface RecordedArtifact extends Member {
  readonly side: Side;
  readonly event: RecordedEvent;
}

/** An execution that is to be recorded, with all that belongs to it. */
export interface Recording {
  readonly execution: Described;
  /** The inputs, then the outputs. */
  readonly artifacts: readonly RecordedArtifact[];
  readonly contexts: readonly Member[];
}

/** Artifacts that one call may have: they are one transaction, for which others wait. */
const MAX_ARTIFACTS = 1_000;

/** Contexts that one call may have: each artifact is put into each. */
const MAX_CONTEXTS = 100;

/** Types that one call may name: each is read by a call of its own. */
const MAX_TYPES = 100;

/** Reads the input; what is wrong with it in itself is told. Of what is too much only the beginning is read. */
export function readRecording(input: RecordExecutionInput, mistakes: Mistakes): Recording {
  const execution = readDescribed('Execution', input, [], mistakes);
  const artifacts = [...readArtifacts('inputs', input, mistakes), ...readArtifacts('outputs', input, mistakes)];
  const { length = 0 } = input.contexts ?? [];
  if (length > MAX_CONTEXTS) {
    mistakes.at('contexts').invalid(`There are ${length} contexts; one call may have ${MAX_CONTEXTS}.`);
  }
  const contexts = (input.contexts ?? [])
    .slice(0, MAX_CONTEXTS)
    .map((each, index) => readMember('Context', each, ['contexts', String(index)], mistakes));
  const count = (input.inputs?.length ?? 0) + (input.outputs?.length ?? 0);
  if (count > MAX_ARTIFACTS) {
    mistakes.invalid(`There are ${count} inputs and outputs; one call may have ${MAX_ARTIFACTS}.`);
  }
  checkApart(artifacts, mistakes);
  checkApart(contexts, mistakes);
  if (isFoundAgain(execution)) checkFoundAgain(artifacts, mistakes);
  return withFewTypes({ execution, artifacts, contexts }, mistakes);
}

function readArtifacts(side: Side, input: RecordExecutionInput, mistakes: Mistakes): readonly RecordedArtifact[] {
  const given = (input[side] ?? []).slice(0, MAX_ARTIFACTS);
  const events = readEvents(side, given, mistakes.at(side));
  return events.map((event, index) => ({
    ...readMember('Artifact', given[index] ?? {}, [side, String(index)], mistakes),
    side,
    event,
  }));
}

/** What a repetition of the call could not find again would be made once more by it. */
function checkFoundAgain(artifacts: readonly RecordedArtifact[], mistakes: Mistakes): void {
  for (const { described, event, place } of artifacts) {
    if (!described || isFoundAgain(described) || event.path) continue;
    mistakes
      .at(...place)
      .invalid('It needs a name, an external id or a key: without, a repeated call would make another one.');
  }
}

/** The recording, without its members where they have too many types. */
function withFewTypes(recording: Recording, mistakes: Mistakes): Recording {
  const { size } = new Set(describedIn(recording).map(typeKey));
  if (size <= MAX_TYPES) return recording;
  mistakes.invalid(`There are ${size} types; one call may have ${MAX_TYPES}.`);
  return { ...recording, artifacts: [], contexts: [] };
}

/** All nodes that are described: the execution, its artifacts, its contexts. */
export function describedIn({ execution, artifacts, contexts }: Recording): readonly Described[] {
  return [execution, ...[...artifacts, ...contexts].flatMap(({ described }) => described ?? [])];
}
