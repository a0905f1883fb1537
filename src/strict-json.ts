import { RegistryError } from './errors.ts';

/** Objects and lists that may stand one in the other. */
const MAX_DEPTH = 64;

/** Characters of a place that an error tells. */
const MAX_PLACE = 64;

const BACKSLASH = 92;

/** An object or a list that is being read: where in it, and the names that it has had. */
interface Open {
  /** Undefined for a list. */
  readonly names: Set<string> | undefined;
  place: string | number;
}

/**
 * Refuses JSON that two readers may read in two ways, or that no one can mean: a name twice in an object, U+0000 or half
 * of a surrogate pair in a text, more than 64 levels. INVALID_ARGUMENT then, with the place; what is no JSON is left to
 * the reader.
 */
export function refuseLooseJson(text: string): void {
  const open: Open[] = [];
  let isName = false;
  for (let at = 0; at < text.length; at += 1) {
    const inside = open.at(-1);
    switch (text[at]) {
      case '"': {
        const end = endOfText(text, at);
        const value = read(text.slice(at, end + 1));
        if (value !== undefined && isName && inside) takeName(inside, value, open);
        if (value !== undefined) refuseUnstorable(value, open);
        isName = false;
        at = end;
        break;
      }
      case '{':
      case '[':
        if (open.length === MAX_DEPTH) throw loose(`The JSON is nested deeper than ${MAX_DEPTH} levels.`);
        isName = text[at] === '{';
        open.push(isName ? { names: new Set(), place: '' } : { names: undefined, place: 0 });
        break;
      case '}':
      case ']':
        open.pop();
        isName = false;
        break;
      case ',':
        isName = inside?.names !== undefined;
        if (typeof inside?.place === 'number') inside.place += 1;
    }
  }
}

function takeName(inside: Open, name: string, open: readonly Open[]): void {
  inside.place = name;
  if (inside.names?.has(name)) throw loose(`${placeOf(open)} is there twice.`);
  inside.names?.add(name);
}

function refuseUnstorable(value: string, open: readonly Open[]): void {
  if (value.includes('\0')) throw loose(`${placeOf(open)}: It has a character U+0000, which cannot be stored.`);
  if (!value.isWellFormed()) throw loose(`${placeOf(open)}: It has half of a surrogate pair, which cannot be stored.`);
}

/** `'variables.input.name'`. */
function placeOf(open: readonly Open[]): string {
  const place = open
    .map((each) => each.place)
    .join('.')
    .toWellFormed();
  return `'${place.length > MAX_PLACE ? `${place.slice(0, MAX_PLACE)}…` : place}'`;
}

/** Where the text that begins here has its second quote. */
function endOfText(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return at;
  }
  return text.length;
}

/** A text of JSON; undefined for what is none. */
function read(quoted: string): string | undefined {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    return undefined; // The reader tells what is no JSON.
  }
}

function loose(message: string): RegistryError {
  return new RegistryError('INVALID_ARGUMENT', message);
}
