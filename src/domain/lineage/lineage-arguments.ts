import { RegistryError } from '../../errors.ts';

import { parseDatabaseId, parseGlobalId } from '../ids.ts';
import type { RegistryNode } from '../registry-kinds.ts';
import { keyOf, type NodeRef } from './graph.ts';
import type { NodeFilter } from './node-filter.ts';

/** Nodes that one walk may start from, or that a filter may name. */
const MAX_IDS = 10_000;

/** Whatever GraphQL hands over for a time: digits where it was written as a literal. */
type TimeInput = bigint | string | null | undefined;

/** GraphQL's `LineageFilter`. */
export interface LineageFilterInput {
  readonly types?: readonly string[] | null | undefined;
  readonly states?: readonly string[] | null | undefined;
  readonly createdBefore?: TimeInput;
  readonly createdAfter?: TimeInput;
  readonly ids?: readonly string[] | null | undefined;
}

/** A node that was asked for. */
export interface NamedNode extends NodeRef {
  /** The id by which it was. */
  readonly text: string;
}

/** The nodes of ids, each node once, however often and in whatever form it is named. INVALID_ARGUMENT for an id of something else, and for too many. */
export function parseNodes(ids: readonly string[], argument: string): readonly NamedNode[] {
  if (ids.length > MAX_IDS) {
    throw wrong(argument, `'${argument}' has ${ids.length} ids; it may have ${MAX_IDS}.`);
  }
  const nodes = new Map<string, NamedNode>();
  for (const text of ids) {
    const node = parseNode(text, argument);
    if (!nodes.has(keyOf(node))) nodes.set(keyOf(node), { ...node, text });
  }
  return [...nodes.values()];
}

const SHORT = { artifact: 'Artifact', execution: 'Execution', context: 'Context' } as const;

/**
 * The node of a global id, or of its kind and MLMD's id: `artifact:19`, `execution:7`, `context:3`. INVALID_ARGUMENT for
 * an id of something else.
 */
export function parseNode(text: string, argument: string): NodeRef {
  const [, short, digits] = /^(artifact|execution|context):(.*)$/s.exec(text) ?? [];
  if (short !== undefined && digits !== undefined) {
    return { type: SHORT[short as keyof typeof SHORT], id: parseDatabaseId(digits, argument) };
  }
  const { type, id } = parseGlobalId(text, argument);
  if (!isNode(type)) {
    throw wrong(argument, `'${argument}' has the id of a type (${type}); it takes artifacts, executions and contexts.`);
  }
  return { type, id };
}

function isNode(type: string): type is RegistryNode {
  return type === 'Artifact' || type === 'Execution' || type === 'Context';
}

/** A filter as it can be tried on nodes; undefined where it says nothing. */
export function parseFilter(input: LineageFilterInput | null | undefined, argument: string): NodeFilter | undefined {
  if (!input) return undefined;
  const { types, states, createdBefore, createdAfter, ids } = input;
  const filter: NodeFilter = {
    types: types ? new Set(types) : undefined,
    states: states ? new Set(states) : undefined,
    createdBefore: parseTime(createdBefore),
    createdAfter: parseTime(createdAfter),
    ids: ids ? new Set(parseNodes(ids, `${argument}.ids`).map(keyOf)) : undefined,
  };
  return Object.values(filter).some((each) => each !== undefined) ? filter : undefined;
}

/** A time in milliseconds since the Unix epoch. */
export function parseTime(time: TimeInput): bigint | undefined {
  return time === null || time === undefined ? undefined : BigInt(time);
}

/** A whole number within bounds. INVALID_ARGUMENT outside of them. */
export function parseBound(value: number | null | undefined, argument: string, [least, most, usual]: Bounds): number {
  const bound = value ?? usual;
  if (bound >= least && bound <= most) return bound;
  throw wrong(argument, `'${argument}' is ${bound}; it has to be from ${least} to ${most}.`);
}

/** The least, the most, and what holds where nothing is said. */
export type Bounds = readonly [least: number, most: number, usual: number];

function wrong(argument: string, message: string): RegistryError {
  return new RegistryError('INVALID_ARGUMENT', message, { argument });
}
