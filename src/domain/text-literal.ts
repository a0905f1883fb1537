/** A text as a filter has it, in quotes: what would end it or mean something else is escaped. */
export function textLiteral(text: string): string {
  const escaped = text.replace(/[\\'\n\r]/g, (character) => ESCAPES[character] ?? character);
  return `'${escaped}'`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r' };
