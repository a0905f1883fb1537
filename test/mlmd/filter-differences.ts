import { type Expression, parseFilterQuery } from '../../src/domain/filter-query.ts';

import {
  Artifact_State,
  Event_Type,
  Execution_State,
} from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';

import type { FilterCase } from './filter-arbitrary.ts';

/** A refusal's code and message, or the ids. */
export type Outcome = readonly number[] | string;

interface Difference {
  /** A heading of docs/filter.md, where the difference is described. */
  readonly name: string;
  readonly explains: (filter: FilterCase, ours: Outcome, engine: Outcome) => boolean;
}

const refused = (outcome: Outcome) => typeof outcome === 'string' && outcome.startsWith('INVALID_ARGUMENT');

/** All that may differ between the engine's answers and ours, on purpose. */
export const DIFFERENCES: readonly Difference[] = [
  {
    name: 'What the engine fails on',
    explains: (_filter, ours, engine) =>
      typeof engine === 'string' && engine.startsWith('INTERNAL') && (Array.isArray(ours) || refused(ours)),
  },
  {
    name: 'Texts mean what they say',
    explains: ({ filter }, ours) =>
      Array.isArray(ours) && textsOf(filter).some((text) => /["\\\p{Cc}]/u.test(text) || COLUMNS.has(text)),
  },
  {
    name: 'States',
    explains: ({ filter }, ours, engine) =>
      (refused(engine) && Array.isArray(ours) && statesAreUnusual(filter)) ||
      (refused(ours) && Array.isArray(engine) && IN_A_SUM.test(filter)),
  },
  {
    name: 'Whole numbers from 2^63',
    explains: ({ filter }, ours, engine) =>
      refused(engine) && Array.isArray(ours) && /922337203685477580[89]/.test(filter),
  },
  {
    name: 'What is not supported',
    explains: ({ filter }, ours) => refused(ours) && /<<|>>/.test(filter),
  },
  {
    name: 'Names',
    explains: ({ filter }, ours, engine) =>
      refused(engine) && Array.isArray(ours) && /[\w`]\s+\.|\.\s|`[^`]*[^\w\s'-][^`]*`/.test(filter),
  },
];

/** The names of columns that a text in double quotes can be taken for by SQLite. */
const COLUMNS = new Set(['id', 'name', 'type', 'uri', 'state']);

const STATES = new Set([Artifact_State, Execution_State, Event_Type].flatMap(Object.keys));

/** A state named in a sum: the engine's patterns put its number there. */
const IN_A_SUM =
  /[-+*/]\s*(?:\w+\.)?(?:state|last_known_state|type)\s*(?:=|!=|(?:not\s+)?in\b)\s*\(?\s*[A-Z_]{3}|(?:=|!=)\s*[A-Z_]{3,}\s*[-+*/]/i;

/** The engine finds states by patterns: each may be named once, with =, != or a spaced IN, and no other word. */
function statesAreUnusual(filter: string): boolean {
  const tests = [
    ...filter.matchAll(/\b(?:state|last_known_state|type)\s*(?:=|!=|(?:not\s+)?in\b)\s*(\([^()]*\)|\w*)/gi),
  ];
  const values = tests.map(([, value = '']) => value.trim());
  const repeated = new Set(values).size < values.length;
  const otherWord = values.some((value) => !STATES.has(/^(?:\((?=.*,))?\s*(\w*)/.exec(value)?.[1] ?? ''));
  const unspaced = /\b(?:state|last_known_state|type)\s+(?:not\s+)?in\(/i.test(filter);
  const inJoin = /_[ab]\.(?:last_known_)?state\s*(?:!=|not)/i.test(filter);
  return repeated || otherWord || unspaced || inJoin;
}

function textsOf(filter: string): readonly string[] {
  const texts: string[] = [];
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    const { kind, type, value } = part as Partial<Expression & { type: string; value: unknown }>;
    if (kind === 'literal' && type === 'string') texts.push(String(value));
    Object.values(part).forEach(visit);
  };
  visit(parseFilterQuery(filter));
  return texts;
}
