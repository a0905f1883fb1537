import {
  GraphQLError,
  type GraphQLResolveInfo,
  type GraphQLScalarTypeConfig,
  Kind,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';

import type { Context } from '../context.ts';
import { parseGlobalId } from '../domain/ids.ts';
import { RegistryError } from '../errors.ts';
import type { NodeResolvers, PageInfoResolvers, QueryResolvers } from '../generated/graphql.ts';

import { shownNode, shownType } from './rows/shown-node.ts';

const MAX_IDS = 100;

export const Query = {
  node: (_root, { id }, context, info) => loadNode(id, 'id', context, info),
  async nodes(_root, { ids }, context, info) {
    if (ids.length > MAX_IDS) {
      throw new RegistryError('INVALID_ARGUMENT', `'ids' has ${ids.length} ids; it may have ${MAX_IDS}.`, {
        argument: 'ids',
      });
    }
    context.budget.spend(ids.length);
    return Promise.all(ids.map((id) => loadNode(id, 'ids', context, info)));
  },
} satisfies QueryResolvers;

function loadNode(globalId: string, argument: string, context: Context, info: GraphQLResolveInfo) {
  const { type, id } = parseGlobalId(globalId, argument);
  return shownNode({ type, id }, context, info);
}

export const Node = {
  __resolveType: (node) => shownType(node) ?? null,
} satisfies NodeResolvers;

export const PageInfo = {
  hasNextPage: (page) => page.hasNextPage,
  hasPreviousPage: (page) => page.hasPreviousPage,
  startCursor: (page) => (page.rows.length > 0 ? page.cursorAt(0) : null),
  endCursor: ({ scan, rows, cursorAt }) => scan?.endCursor ?? (rows.length > 0 ? cursorAt(rows.length - 1) : null),
  scanned: ({ scan }) => scan?.scanned ?? null,
  scanComplete: ({ scan }) => scan?.complete ?? true,
  withheld: (_page, _arguments, context) => context.withheld(),
} satisfies PageInfoResolvers;

/** What SDL cannot say of a scalar. No GraphQLScalarType: its empty description would take the place of SDL's. */
type Scalar<Inside, Outside> = Partial<GraphQLScalarTypeConfig<Inside, Outside>>;

/** Exact integers of 64 bits; digits outside, bigint inside. */
export const Int64: Scalar<bigint, string> = {
  serialize: (value) => String(value),
  parseValue: parseInt64,
  // Literals stay digits: graphql-jit writes them into the code that it makes, where a bigint cannot stand.
  parseLiteral: (node: ValueNode) =>
    node.kind === Kind.INT || node.kind === Kind.STRING
      ? (parseInt64(node.value).toString() as unknown as bigint)
      : parseInt64(undefined),
};

function parseInt64(value: unknown): bigint {
  if (typeof value === 'bigint') return value; // read already
  const isInteger = typeof value === 'string' ? /^-?\d{1,19}$/.test(value) : Number.isSafeInteger(value);
  const int = isInteger ? BigInt(value as string | number) : undefined;
  if (int !== undefined && BigInt.asIntN(64, int) === int) return int;
  throw new GraphQLError('Int64 has to be a whole number of at most 64 bits, as digits.');
}

/** Milliseconds since the Unix epoch inside, ISO 8601 outside. Literals are digits, as those of {@link Int64}. */
export const DateTime: Scalar<bigint, string> = {
  serialize: (value) => new Date(Number(value)).toISOString(),
  parseValue: parseDateTime,
  parseLiteral: (node: ValueNode) =>
    parseDateTime(node.kind === Kind.STRING ? node.value : undefined).toString() as unknown as bigint,
};

/** A calendar date and a time of day with an offset; fractions of milliseconds are cut. */
const ISO_8601 = /^(\d{4}|[+-]\d{6})-\d{2}-(\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

function parseDateTime(value: unknown): bigint {
  if (typeof value === 'bigint') return value; // read already
  const parts = typeof value === 'string' ? ISO_8601.exec(value) : null;
  const time = parts ? Date.parse(parts[0]) : Number.NaN;
  if (parts && !Number.isNaN(time) && hasDay(parts[0], Number(parts[2]))) return BigInt(time);
  throw new GraphQLError('DateTime has to be a time in ISO 8601 with its offset, such as 2024-02-20T06:06:37.765Z.');
}

/** February 30 is not taken for a day in March. */
function hasDay(text: string, day: number): boolean {
  return new Date(`${text.slice(0, text.indexOf('T'))}T00:00:00Z`).getUTCDate() === day;
}

/** Whatever JSON can say. */
export const JSONScalar: Scalar<unknown, unknown> = {
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node: ValueNode, variables?: Record<string, unknown> | null) => valueFromASTUntyped(node, variables),
};
