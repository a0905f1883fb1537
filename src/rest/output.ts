import type { ExecutionResult } from 'graphql';

import { RegistryError } from '../errors.ts';
import { refuseErrors, type UserError, userFailure } from './errors.ts';
import type { RestOperation } from './operation.ts';
import type { ObjectShape, Shape } from './shape.ts';
import { type Page, toWriter } from './write-value.ts';

/** What a route answers. */
export interface RestAnswer {
  readonly status: number;
  readonly body: unknown;
  /** The version of what is answered, where it has one: its ETag without the quotes. */
  readonly version?: string;
}

/** What a result is as an answer. */
export type ToAnswer = (result: ExecutionResult, asked: Asked) => RestAnswer;

/** What of the request the answer repeats or tells of. */
export interface Asked {
  readonly pageSize: number;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The id in the path, if there is one. */
  readonly id: string | undefined;
}

/** Makes answers of an operation's results. NOT_FOUND where the answer is null; what else a payload says of errors. */
export function toAnswerer({ answer, status }: RestOperation): ToAnswer {
  const { path, created, shape, noun } = answer;
  const write = toWriter(shape);
  const version = versionOf(shape);
  return (result, asked) => {
    refuseErrors(result);
    const { value, parent } = follow(result.data ?? {}, path);
    const [userError] = (parent['userErrors'] ?? []) as readonly UserError[];
    if (userError) throw userFailure(userError, asked.variables);
    const body = write(value);
    if (body === undefined) throw notFound(noun, asked.id);
    return {
      status: created !== undefined && parent[created] === true ? 201 : status,
      body: shape.is === 'page' ? { ...(body as Page), pageSize: asked.pageSize } : body,
      ...version(body),
    };
  };
}

function notFound(noun: string, id: string | undefined): RegistryError {
  return new RegistryError('NOT_FOUND', `no ${noun} found${id === undefined ? '' : ` for id ${id}`}: not found`);
}

interface Found {
  readonly value: unknown;
  /** What the value is a field of; nothing where that is null. */
  readonly parent: Readonly<Record<string, unknown>>;
}

function follow(data: object, path: readonly string[]): Found {
  let parent: Readonly<Record<string, unknown>> = {};
  let value: unknown = data;
  for (const key of path) {
    if (value === null || value === undefined) return { value: undefined, parent: {} };
    parent = value as Readonly<Record<string, unknown>>;
    value = parent[key];
  }
  return { value, parent };
}

/** Takes the version from an answer of this shape. */
function versionOf(shape: Shape): (body: unknown) => { readonly version?: string } {
  const objects = shape.is === 'union' ? [...shape.cases.values()] : shape.is === 'object' ? [shape] : [];
  const key = objects.map(keyOf).find((each) => each !== undefined);
  if (key === undefined) return () => ({});
  return (body) => {
    const value = (body as Readonly<Record<string, unknown>>)[key];
    return value === undefined ? {} : { version: String(value) };
  };
}

function keyOf({ members }: ObjectShape): string | undefined {
  return members.find(({ etag }) => etag)?.name;
}
