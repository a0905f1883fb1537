import { RegistryError } from '../errors.ts';
import { refuseLooseJson } from '../strict-json.ts';

/** Integers that a double cannot hold come as bigints. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * The first JSON value in the bytes; what follows it does not count. INVALID_ARGUMENT where there is none, or where two
 * readers could read it in two ways.
 */
export function parseJson(bytes: Uint8Array): Json {
  const text = toText(bytes);
  if (/^[\s]*$/.test(text)) throw notJson('EOF');
  try {
    return parse(text);
  } catch (cause) {
    if (cause instanceof RegistryError) throw cause;
    const end = endOfFirst(text);
    if (end === undefined) throw notJson('unexpected EOF', cause);
    if (end === text.length) throw notJson('the body is no JSON', cause);
    return parseFirst(text.slice(0, end));
  }
}

function parseFirst(text: string): Json {
  try {
    return parse(text);
  } catch (cause) {
    if (cause instanceof RegistryError) throw cause;
    throw notJson('the body is no JSON', cause);
  }
}

function notJson(message: string, cause?: unknown): RegistryError {
  return new RegistryError('INVALID_ARGUMENT', message, { cause });
}

function toText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw notJson('the body is no UTF-8', cause);
  }
}

function parse(text: string): Json {
  refuseLooseJson(text);
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
      ? BigInt(context?.source ?? 0)
      : value,
  ) as Json;
}

/** Where the first object or array of the text ends; undefined where it does not. */
function endOfFirst(text: string): number | undefined {
  let depth = 0;
  // Strings whole, so that their brackets do not count.
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{}]/gs)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') {
      depth -= 1;
      if (depth <= 0) return index + 1;
    } else if (depth === 0) return index + token.length;
  }
  return depth > 0 ? undefined : text.length;
}
