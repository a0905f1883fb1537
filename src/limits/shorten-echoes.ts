/** Characters of a value that a message may repeat. */
const MAX_ECHO = 64;

/** The longest message in which no value can be repeated at length. */
const MAX_UNREAD = MAX_ECHO;

/** A message of GraphQL's, in which the values of the caller's that it repeats are cut to 64 characters. */
export function shortenEchoes(message: string): string {
  if (message.length <= MAX_UNREAD) return message;
  let told = '';
  for (let at = 0; at < message.length; ) {
    const end = endOfValue(message, at);
    const value = message.slice(at, end);
    told += value.length > MAX_ECHO + 2 ? `${value.slice(0, MAX_ECHO)}…` : value;
    at = end;
  }
  return told;
}

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

/** Where the value that begins here ends: a text in quotes, an object, a list or a word; else one character on. */
function endOfValue(message: string, start: number): number {
  const first = message[start] ?? '';
  if (first === '"') return endOfText(message, start);
  if (first in CLOSING) return endOfNested(message, start);
  const word = /[\w.+-]+/y;
  word.lastIndex = start;
  return word.test(message) ? word.lastIndex : start + 1;
}

function endOfText(message: string, start: number): number {
  for (let at = start + 1; at < message.length; at += 1) {
    if (message[at] === '\\') at += 1;
    else if (message[at] === '"') return at + 1;
  }
  return message.length;
}

function endOfNested(message: string, start: number): number {
  let depth = 0;
  for (let at = start; at < message.length; at += 1) {
    const each = message[at] ?? '';
    if (each === '"') at = endOfText(message, at) - 1;
    else if (each in CLOSING) depth += 1;
    else if (each === '}' || each === ']') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return message.length;
}
