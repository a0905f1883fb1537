import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql';

import { toPageSize } from '../domain/page.ts';
import { RegistryError } from '../errors.ts';
import { type Condition, type Part, type Plan, type Size, toPlan } from './cost-plan.ts';
import { countUses, fragmentsOf } from './count-uses.ts';

/** What one operation may cost. */
export const MAX_COST = 10_000;

/** Variables as graphql-js has read them. */
export type Variables = Readonly<Record<string, unknown>>;

/** What running an operation costs. */
export interface Cost {
  /** The places of objects in the answer, where each list has as many rows as the request asks for. */
  readonly requested: number;
  /** The same with one row in each list: what it costs where little is found. */
  readonly least: number;
  /** How many changes it asks for. */
  readonly changes: number;
}

/** Counts the cost of an operation with these variables. INVALID_ARGUMENT for a page of a size that none can have. */
export type CountCost = (document: DocumentNode, operation: OperationDefinitionNode, variables: Variables) => Cost;

/**
 * Counts one for each place of an object in the answer. A list has as many as the `first` that the request gives it,
 * itself, by a variable or by a variable's default; a list without one counts once, whatever the schema's default is.
 * What does not depend on variables is counted once for a document.
 */
export function createCostCounter(schema: GraphQLSchema): CountCost {
  const known = new WeakMap<OperationDefinitionNode, Known>();
  return (document, operation, variables) => {
    const { plan, least, changes } = known.get(operation) ?? read(schema, document, operation);
    known.set(operation, { plan, least, changes });
    // Whatever it asks for, it has to be read and answered.
    const requested = Math.max(1, total(plan, asGiven(variables)));
    return { requested, least: Math.min(least, requested), changes };
  };
}

interface Known extends Pick<Cost, 'least' | 'changes'> {
  readonly plan: Plan;
}

/** QUERY_TOO_COMPLEX for what costs more than one operation may. */
export function refuseCostly({ requested }: Cost): void {
  if (requested <= MAX_COST) return;
  const told = requested > Number.MAX_SAFE_INTEGER ? 'too much to count' : requested;
  throw new RegistryError(
    'QUERY_TOO_COMPLEX',
    `This operation would cost ${told}; it may cost ${MAX_COST}: each object counts as often as the 'first' of the lists around it asks for. Ask for smaller pages, or for fewer levels at once.`,
  );
}

function read(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Known {
  const root = schema.getRootType(operation.operation);
  if (!root) throw new TypeError(`The schema has no ${operation.operation}s.`);
  const fragments = fragmentsOf(document);
  const plan = toPlan(schema, fragments, root, operation.selectionSet);
  const changes = operation.operation === 'mutation' ? countUses(fragments, operation).rootFields : 0;
  return { plan, least: Math.max(1, total(plan, ONE_ROW)), changes };
}

/** How the open parts of a plan are decided. */
interface Decisions {
  holds(conditions: readonly Condition[]): boolean;
  rows(size: Size | undefined): number | undefined;
}

const ONE_ROW: Decisions = { holds: () => true, rows: () => 1 };

function asGiven(variables: Variables): Decisions {
  const given = (node: ValueNode): unknown => {
    if (node.kind === Kind.VARIABLE) return variables[node.name.value];
    if (node.kind === Kind.INT) return Number(node.value);
    return node.kind === Kind.BOOLEAN ? node.value : undefined;
  };
  return {
    holds: (conditions) => conditions.every(({ value, holdsFor }) => given(value) === holdsFor),
    rows: (size) => size && toRows(size, given(size.value)),
  };
}

function toRows({ paged, field }: Size, size: unknown): number | undefined {
  if (typeof size !== 'number') return undefined;
  if (!paged) return Math.max(1, size); // its resolver says what it may be
  try {
    return toPageSize({ first: size });
  } catch (cause) {
    if (!(cause instanceof RegistryError)) throw cause;
    throw new GraphQLError(cause.message, { nodes: field, originalError: cause });
  }
}

function total(plan: Plan, decisions: Decisions): number {
  const { fixed, perRow } = sum(plan, decisions, new Map());
  return fixed + perRow;
}

type Sum = Pick<Plan, 'fixed' | 'perRow'>;

function sum(plan: Plan, decisions: Decisions, known: Map<Plan, Sum>): Sum {
  if (plan.open.length === 0) return plan;
  const before = known.get(plan);
  if (before) return before;
  let { fixed, perRow } = plan;
  for (const part of plan.open) {
    if (!decisions.holds(part.conditions)) continue;
    const added = cost(part, sum(part.below, decisions, known), decisions.rows(part.size));
    fixed += added.fixed;
    perRow += added.perRow;
  }
  const result = { fixed, perRow };
  known.set(plan, result);
  return result;
}

function cost({ kind }: Part, below: Sum, rows: number | undefined): Sum {
  if (kind === 'spread') return below;
  if (kind === 'place') return { fixed: 1 + below.fixed + below.perRow * (rows ?? 1), perRow: 0 };
  const row = 1 + below.fixed + below.perRow;
  return rows === undefined ? { fixed: 0, perRow: row } : { fixed: rows * row, perRow: 0 };
}
