/** What stands in the place of what names a run. No stored text has it. */
const PLACE = '\u{F0000}';

/** Marks that are shorter might stand for anything: they count only as a whole segment of a path. */
const MIN_LENGTH = 6;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** What names the runs in texts of one closure. */
export interface Marks {
  /** Ids and names of runs. */
  readonly runs: readonly string[];
  /** Places of outputs with the ids of the executions that wrote them, `model/7`: the ends of TFX's URIs. */
  readonly outputs: readonly string[];
}

/**
 * Takes what names a run out of texts, so that those of two runs can be compared: ids and names of runs as words, the
 * id of an execution behind the place of its output in a path, and, where a run was named, any UUID beside it.
 */
export function withoutRuns({ runs, outputs }: Marks): (text: string) => string {
  const words = new Set(runs.filter((mark) => mark.length >= MIN_LENGTH));
  const lengths = [...new Set([...words].map((mark) => mark.length))].sort((a, b) => b - a);
  const segments = new Set(runs.filter((mark) => mark.length < MIN_LENGTH));
  const written = new Set(outputs);
  return (text) => {
    const replaced = replaceSegments(replaceWords(text, words, lengths), segments, written);
    return replaced.includes(PLACE) ? replaced.replace(UUID, PLACE) : replaced;
  };
}

/** Looks for the marks at the beginning of each word, the longest first. */
function replaceWords(text: string, words: ReadonlySet<string>, lengths: readonly number[]): string {
  if (text.length < MIN_LENGTH) return text;
  let replaced = '';
  let kept = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (!isBoundary(text, at)) continue;
    const length = lengths.find((each) => isBoundary(text, at + each) && words.has(text.slice(at, at + each)));
    if (length === undefined) continue;
    replaced += text.slice(kept, at) + PLACE;
    kept = at + length;
    at = kept - 1;
  }
  return replaced + text.slice(kept);
}

/** Whether a word can begin or end between two characters: not between two letters or digits. */
function isBoundary(text: string, at: number): boolean {
  return at <= text.length && !(isWordPart(text, at - 1) && isWordPart(text, at));
}

function isWordPart(text: string, at: number): boolean {
  const code = text.charCodeAt(at) | 0x20;
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
}

function replaceSegments(text: string, segments: ReadonlySet<string>, written: ReadonlySet<string>): string {
  if (!text.includes('/')) return text;
  const parts = text.split('/');
  return parts
    .map((part, index) => (segments.has(part) || written.has(`${parts[index - 1]}/${part}`) ? PLACE : part))
    .join('/');
}
