/** A value as a test's own data has it; undefined where there is none. */
export type Plain =
  | { readonly intValue: bigint }
  | { readonly doubleValue: number }
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly structValue: Readonly<Record<string, unknown>> }
  | undefined;

/** As which kind a value is looked at; `open` as that of the literal. */
export type View = 'open' | 'string' | 'int' | 'double' | 'bool' | 'struct';

/** What stands in a filter as a literal. */
export type Literal = bigint | number | string | boolean;

/** The operators that compare. */
export const COMPARISONS = ['=', '!=', '<', '<=', '>', '>='] as const;

/** What a comparison says of a value, told anew and by no code of ours. */
export function comparesTo(
  value: Plain,
  view: View,
  operator: (typeof COMPARISONS)[number],
  literal: Literal,
): boolean {
  const seen = look(value, view, literal);
  if (seen === undefined) return false;
  const order = orderOf(seen, literal);
  return { '=': order === 0, '!=': order !== 0, '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[
    operator
  ];
}

/** Whether a text fits a pattern with escapes; `letters`: which of them have no case. */
export function isLikePattern(value: Plain, view: View, pattern: string, letters: 'A-Z' | 'all'): boolean | undefined {
  const seen = look(value, view, '');
  if (typeof seen !== 'string') return undefined;
  const fold = (text: string) =>
    letters === 'all' ? text.toLowerCase() : text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  let source = '';
  const characters = [...fold(pattern)];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    const next = characters[at + 1] ?? '';
    if (character === '\\' && ['%', '_', '\\'].includes(next)) {
      source += escaped(next);
      at += 1;
    } else source += character === '%' ? '.*' : character === '_' ? '.' : escaped(character);
  }
  return new RegExp(`^${source}$`, 'su').test(fold(seen));
}

/** Whether there is such a value. */
export function isThere(value: Plain, view: View): boolean {
  if (view === 'open') return value !== undefined;
  return look(value, view, '') !== undefined;
}

function look(value: Plain, view: View, literal: Literal): Literal | undefined {
  if (value === undefined) return undefined;
  const kind =
    view === 'open'
      ? { string: 'string', boolean: 'bool', number: 'number', bigint: 'number' }[typeof literal as 'string']
      : view;
  if ('intValue' in value) return kind === 'int' || kind === 'number' ? value.intValue : undefined;
  if ('doubleValue' in value) return kind === 'double' || kind === 'number' ? value.doubleValue : undefined;
  if ('stringValue' in value) return kind === 'string' ? value.stringValue : undefined;
  if ('boolValue' in value) return kind === 'bool' ? value.boolValue : undefined;
  return kind === 'struct' ? JSON.stringify(value.structValue) : undefined;
}

function orderOf(left: Literal, right: Literal): number {
  if (typeof left === 'string') {
    const [a, b] = [left, String(right)].map((text) => Array.from(text, (character) => character.codePointAt(0) ?? 0));
    for (const [index, code] of (a ?? []).entries()) {
      const other = b?.[index];
      if (other === undefined) return 1;
      if (code !== other) return code - other;
    }
    return (a?.length ?? 0) - (b?.length ?? 0);
  }
  return left < right ? -1 : left > right ? 1 : 0;
}

function escaped(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
