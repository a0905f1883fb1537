import { type Event, Event_Type } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';
import { enumName } from '../enum-name.ts';

import { INPUT_TYPES, OUTPUT_TYPES } from '../event.ts';
import { checkText, MAX_CHARACTERS } from '../text-input.ts';
import type { Mistakes } from '../user-error.ts';

/** The two lists of artifacts. */
export type Side = 'inputs' | 'outputs';

/** How GraphQL's inputs say that an artifact took part. */
export interface EventInput {
  readonly key?: string | null | undefined;
  readonly index?: number | null | undefined;
  readonly eventType?: string | null | undefined;
  /** Digits where it was written as a literal. */
  readonly time?: bigint | string | null | undefined;
}

/** How an artifact took part in an execution. */
export interface RecordedEvent {
  readonly type: Event_Type;
  /** Milliseconds since the Unix epoch; undefined for the time of the store. */
  readonly time: bigint | undefined;
  /** Undefined for none. */
  readonly path: { readonly key: string; readonly index: bigint } | undefined;
}

const SIDES = {
  inputs: { types: INPUT_TYPES, initially: Event_Type.INPUT },
  outputs: { types: OUTPUT_TYPES, initially: Event_Type.OUTPUT },
} as const;

/** Reads the events of a list; a place that is not given is that among those of the key. */
export function readEvents(side: Side, inputs: readonly EventInput[], mistakes: Mistakes): readonly RecordedEvent[] {
  const counts = new Map<string, number>();
  const taken = new Set<string>();
  return inputs.map((input, index) => {
    const here = mistakes.at(String(index));
    const { key, time } = input;
    const count = typeof key === 'string' ? (counts.get(key) ?? 0) : 0;
    if (typeof key === 'string') counts.set(key, count + 1);
    const path = readPath(input, count, here);
    const text = path && pathKey(path);
    if (text !== undefined && taken.has(text)) here.at('key').invalid('Another of the list has this key and index.');
    if (text !== undefined) taken.add(text);
    const type = readType(side, input, here.at('eventType'));
    return { type, path, time: time === null || time === undefined ? undefined : BigInt(time) };
  });
}

function readPath({ key, index }: EventInput, count: number, mistakes: Mistakes): RecordedEvent['path'] {
  const isGiven = index !== null && index !== undefined;
  if (isGiven && index < 0) mistakes.at('index').invalid('It has to be 0 or more.');
  if (typeof key === 'string') {
    checkText(key, { filled: true, maxCharacters: MAX_CHARACTERS }, mistakes.at('key'));
    return { key, index: BigInt(isGiven ? index : count) };
  }
  if (isGiven) mistakes.at('index').invalid('It goes with a key.');
  return undefined;
}

function readType(side: Side, { eventType }: EventInput, mistakes: Mistakes): Event_Type {
  const { types, initially } = SIDES[side];
  if (eventType === null || eventType === undefined) return initially;
  const type = Object.values(Event_Type).find((each) => enumName(Event_Type, each) === eventType);
  if (type !== undefined && types.has(type)) return type;
  const names = Array.from(types, (each) => enumName(Event_Type, each));
  mistakes.invalid(`What is among the ${side} takes part by one of ${names.join(', ')}.`);
  return initially;
}

/** The side of an event that is there. */
export function sideOf({ type }: Event): Side {
  return INPUT_TYPES.has(type) ? 'inputs' : 'outputs';
}

/** The path of an event that is there, as one text; undefined where it is not of a key and an index. */
export function storedPathKey({ path }: Event): string | undefined {
  const [first, second, third] = path?.steps ?? [];
  if (first?.key === undefined || second?.index === undefined || third) return undefined;
  return pathKey({ key: first.key, index: second.index });
}

/** A path as one text. */
export function pathKey({ key, index }: NonNullable<RecordedEvent['path']>): string {
  return `${index}:${key}`;
}
