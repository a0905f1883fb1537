import { Artifact_State, Execution_State, type Value } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import { type PropertyInput, readProperties } from '../property-input.ts';
import type { RegistryNode } from '../registry-kinds.ts';
import { checkText, MAX_CHARACTERS } from '../text-input.ts';
import type { Mistakes } from '../user-error.ts';

/** What GraphQL's inputs say of an execution, artifact or context. */
export interface DescribedInput {
  readonly type: string;
  readonly name?: string | null | undefined;
  readonly externalId?: string | null | undefined;
  readonly uri?: string | null | undefined;
  readonly state?: string | null | undefined;
  readonly properties?: readonly PropertyInput[] | null | undefined;
  readonly customProperties?: readonly PropertyInput[] | null | undefined;
}

/** A property to set, and where in the input its value stands. */
export interface GivenProperty {
  readonly value: Value;
  readonly place: readonly string[];
}

/** What an input says of a node, as it is to be stored. Undefined says nothing. */
export interface Described {
  readonly node: RegistryNode;
  /** Where in the input it stands. */
  readonly place: readonly string[];
  /** The name of its type. */
  readonly type: string;
  readonly name: string | undefined;
  readonly externalId: string | undefined;
  readonly uri: string | undefined;
  /** MLMD's number of the state. */
  readonly state: Artifact_State | Execution_State | undefined;
  readonly properties: ReadonlyMap<string, GivenProperty>;
  readonly customProperties: ReadonlyMap<string, GivenProperty>;
}

/** The registry's types have rules of their own, which only its mutations keep. MySQL takes names of any case for one. */
const OWN_TYPES = /^kf\./i;

/** Reads what is said of a node at a place of the input; what is wrong with it is told. */
export function readDescribed(
  node: RegistryNode,
  input: DescribedInput,
  place: readonly string[],
  all: Mistakes,
): Described {
  const here = all.at(...place);
  const { type, name, externalId, uri, state } = input;
  checkName(type, here.at('type'));
  if (OWN_TYPES.test(type)) here.at('type').invalid(OWN_TYPE);
  if (typeof name === 'string') checkName(name, here.at('name'));
  if (typeof externalId === 'string') checkName(externalId, here.at('externalId'));
  if (typeof uri === 'string') checkText(uri, { looks: 'uri' }, here.at('uri'));
  return {
    node,
    place,
    type,
    name: name ?? undefined,
    externalId: externalId ?? undefined,
    uri: uri ?? undefined,
    state: typeof state === 'string' ? toState(node, state) : undefined,
    properties: readGiven(input, 'properties', place, all),
    customProperties: readGiven(input, 'customProperties', place, all),
  };
}

const OWN_TYPE =
  "Types whose names begin with 'kf.' are the registry's own: its mutations make what is of them, and here it is named by its databaseId.";

function checkName(text: string, mistakes: Mistakes): void {
  checkText(text, { filled: true, maxCharacters: MAX_CHARACTERS }, mistakes);
}

/** The enums of GraphQL have MLMD's names. */
function toState(node: RegistryNode, name: string): Artifact_State | Execution_State | undefined {
  const states = new Map(Object.entries(node === 'Artifact' ? Artifact_State : Execution_State));
  return states.get(name);
}

function readGiven(
  input: DescribedInput,
  field: 'properties' | 'customProperties',
  place: readonly string[],
  all: Mistakes,
): ReadonlyMap<string, GivenProperty> {
  const given = input[field] ?? [];
  const values = readProperties(given, all.at(...place, field));
  const indexes = new Map(given.map(({ name }, index) => [name, index]));
  return new Map(
    Array.from(values, ([name, value]) => [name, { value, place: [...place, field, `${indexes.get(name)}`, 'value'] }]),
  );
}
