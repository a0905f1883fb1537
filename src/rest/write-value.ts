import { type PropertyResult, writeProperties } from './metadata-value.ts';
import type { ObjectShape, Shape, UnionShape } from './shape.ts';

declare global {
  interface JSON {
    /** A value that JSON.stringify writes as this text. (TypeScript does not know it yet.) */
    rawJSON(text: string): object;
  }
}

/** Writes a value of a result as JSON; undefined where there is nothing to write. */
export type Write = (value: unknown) => unknown;

/** A page of a list in REST. */
export interface Page {
  readonly items: readonly unknown[];
  readonly nextPageToken: string;
  /** What was asked for, or 0. */
  readonly pageSize: number;
  readonly size: number;
}

/** The writer of values of a shape. */
export function toWriter(shape: Shape): Write {
  const write = writerOf(shape);
  const evenIfAbsent = shape.is === 'properties' || shape.is === 'page';
  return (value) => (evenIfAbsent || (value !== null && value !== undefined) ? write(value) : undefined);
}

function writerOf(shape: Shape): Write {
  switch (shape.is) {
    case 'scalar':
      return SCALARS[shape.type] ?? ((value) => value);
    case 'enum':
      return (value) => shape.values.get(String(value)) ?? value;
    case 'text':
      return () => shape.text;
    case 'list':
      return toListWriter(toWriter(shape.of));
    case 'properties':
      return (value) => writeProperties(value as readonly PropertyResult[] | null | undefined);
    case 'page':
      return toPageWriter(toWriter(shape.items));
    case 'object':
      return toObjectWriter(shape);
    case 'union':
      return toUnionWriter(shape);
  }
}

/** Scalars that JSON writes in another way than GraphQL. */
const SCALARS: Readonly<Record<string, Write>> = {
  DateTime: (value) => String(Date.parse(String(value))),
  // Exactly, beyond what a double can hold.
  Int64: (value) => JSON.rawJSON(String(value)),
};

function toListWriter(write: Write): Write {
  return (value) => (Array.isArray(value) ? value.map((each) => write(each) ?? null) : undefined);
}

interface Connection {
  readonly nodes: readonly unknown[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
}

const EMPTY: Connection = { nodes: [], pageInfo: { hasNextPage: false } };

/** A list within something that is not there is an empty one. */
function toPageWriter(write: Write): Write {
  return (value): Page => {
    const { nodes, pageInfo } = (value ?? EMPTY) as Connection;
    const items = nodes.map(write).filter((each) => each !== undefined);
    const nextPageToken = pageInfo.hasNextPage ? (pageInfo.endCursor ?? '') : '';
    return { items, nextPageToken, pageSize: 0, size: items.length };
  };
}

function toObjectWriter({ members }: ObjectShape): Write {
  const writers = members.map(({ key, name, shape }) => [key, name, toWriter(shape)] as const);
  return (value) => {
    const source = value as Readonly<Record<string, unknown>>;
    const target: Record<string, unknown> = {};
    for (const [key, name, write] of writers) {
      const written = write(source[key]);
      if (written !== undefined) target[name] = written;
    }
    return target;
  };
}

/** An object of a type that the union does not have is as absent. */
function toUnionWriter({ cases }: UnionShape): Write {
  const writers = new Map([...cases].map(([type, shape]) => [type, toWriter(shape)]));
  return (value) => writers.get(String((value as Readonly<Record<string, unknown>>)['__typename']))?.(value);
}
