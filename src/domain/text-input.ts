import { createMistakes, type Mistakes } from './user-error.ts';

/** Bytes of UTF-8 that a value may have where nothing else is said. */
export const MAX_BYTES = 64 * 1024;

/** Characters in a column of names: MLMD's tables on MySQL have no room for more. */
export const MAX_CHARACTERS = 255;

/** How MLMD marks a struct in a column of texts: such a text would be read as one. */
const STRUCT_MARK = 'mlmd-struct::';

/** What a text may be. */
export interface TextRules {
  readonly maxBytes?: number | undefined;
  readonly maxCharacters?: number | undefined;
  readonly looks?: 'uri' | 'digits' | undefined;
  /** True for names and keys: blanks alone are none. */
  readonly filled?: boolean | undefined;
}

/** Tells all that keeps a text from being stored, and from being read back as it is. It asks nobody else about it. */
export function checkText(text: string, rules: TextRules, mistakes: Mistakes): void {
  const { maxBytes = MAX_BYTES, maxCharacters, looks, filled } = rules;
  if (filled && text.trim() === '') mistakes.invalid('It may not be empty.');
  if (text.includes('\0')) mistakes.invalid('It has a character U+0000, which cannot be stored.');
  if (!text.isWellFormed()) mistakes.invalid('It has half of a surrogate pair, which cannot be stored.');
  if (text.startsWith(STRUCT_MARK)) mistakes.invalid(`It begins with '${STRUCT_MARK}', by which MLMD marks structs.`);
  if (looks) checkLooks(text, looks, mistakes);
  checkLength(text, { maxBytes, maxCharacters }, mistakes);
}

function checkLooks(text: string, looks: 'uri' | 'digits', mistakes: Mistakes): void {
  if (looks === 'digits' && !/^\d{1,19}$/.test(text)) mistakes.invalid('It has to be a whole number in digits.');
  if (looks === 'uri' && /[\s\p{Cc}]/u.test(text)) mistakes.invalid('A URI has no spaces and no control characters.');
}

function checkLength(
  text: string,
  { maxBytes, maxCharacters = Infinity }: { maxBytes: number; maxCharacters: number | undefined },
  mistakes: Mistakes,
): void {
  const characters = Array.from(text).length;
  if (characters > maxCharacters) {
    mistakes.invalid(`It has ${characters} characters; here it may have ${maxCharacters}.`);
    return;
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) mistakes.invalid(`It has ${bytes} bytes; it may have ${maxBytes}.`);
}

/** Whether a text can be a name or an external id at all, so that it makes sense to look for it. */
export function canBeName(text: string): boolean {
  const mistakes = createMistakes();
  checkText(text, { filled: true, maxCharacters: MAX_CHARACTERS }, mistakes);
  return mistakes.found.length === 0;
}
