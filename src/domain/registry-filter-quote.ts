import { ANY_CHARACTER, ANY_TEXT, type Mark } from './like.ts';

/** A text as a literal of MLMD's language. */
export function quotedText(text: string): string {
  return `'${Array.from(text, escaped).join('')}'`;
}

/** The name of a property, in backquotes. */
export function quotedName(name: string): string {
  return `\`${Array.from(name, escaped).join('')}\``;
}

/** A number as a literal of MLMD's language; a double is one even where it is whole. */
export function quotedNumber(value: bigint | number): string {
  const digits = String(value);
  return typeof value === 'bigint' || /[.e]/.test(digits) ? digits : `${digits}.0`;
}

/** A LIKE pattern as a literal; what it would have to escape stands as any character. */
export function quotedPattern(marks: readonly Mark[]): string {
  return quotedText(marks.map(patternCharacter).join(''));
}

function patternCharacter(mark: Mark): string {
  if (mark === ANY_TEXT) return '%';
  return mark === ANY_CHARACTER || mark === '%' ? '_' : String(mark);
}

/** Whatever could end a literal or begin an escape, and what cannot be seen, is written by its number. */
function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`;
  return ["'", '"', '`', '\\'].includes(character) ? `\\${character}` : character;
}
