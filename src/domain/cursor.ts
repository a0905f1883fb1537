import { RegistryError } from '../errors.ts';

/** A place in a list: the values that its rows are ordered by, most significant first. */
export type Place = readonly (bigint | string)[];

/** An opaque cursor for a place in lists of the kind `list`. */
export function encodeCursor(list: string, place: Place): string {
  const parts = place.map((part) => (typeof part === 'bigint' ? [part.toString()] : part));
  return Buffer.from(JSON.stringify([list, ...parts])).toString('base64url');
}

/** The place in a cursor, of these kinds of parts. INVALID_ARGUMENT where it is none of a list of this kind. */
export function decodeCursor(list: string, text: string, kinds: readonly ('bigint' | 'string')[]): Place {
  const [kind, ...parts] = parse(text);
  const place = parts.map(toPart);
  const fits = place.length === kinds.length && place.every((part, index) => typeof part === kinds[index]);
  if (kind !== list || !fits || encodeCursor(list, place.filter(isPart)) !== text) {
    throw new RegistryError('INVALID_ARGUMENT', "The cursor in 'after' is not one of this list.", {
      argument: 'after',
    });
  }
  return place.filter(isPart);
}

/** Below 0 where `a` stands before `b`, above 0 behind it. */
export function comparePlaces(a: Place, b: Place): number {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other === undefined || part === other) continue;
    return part < other ? -1 : 1;
  }
  return 0;
}

function parse(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return []; // Told as a foreign cursor by the caller, like any other that is none of ours.
  }
}

function toPart(part: unknown): bigint | string | undefined {
  if (typeof part === 'string') return part;
  const [digits] = Array.isArray(part) ? part : [];
  return typeof digits === 'string' && /^-?\d{1,19}$/.test(digits) ? BigInt(digits) : undefined;
}

function isPart(part: bigint | string | undefined): part is bigint | string {
  return part !== undefined;
}
