/** How many names are worth telling. */
const MOST = 3;

/** ` (did you mean A or B?)` for names that a typo may have made of one; empty where none is near. */
export async function nearest(name: string, names: readonly string[]): Promise<string> {
  const near = await nearNames(name, names);
  if (near.length === 0) return '';
  return ` (did you mean ${new Intl.ListFormat('en', { type: 'disjunction' }).format(near)}?)`;
}

/** The names that are near, nearest first; those that begin like it or hold it count as near. */
export async function nearNames(name: string, names: readonly string[]): Promise<string[]> {
  const { distance } = await import('fastest-levenshtein');
  const wanted = name.toLowerCase();
  const far = (other: string) => {
    const text = other.toLowerCase();
    if (text === wanted) return 0;
    // What was typed may be the beginning of a longer name, with a typo.
    const edits = Math.min(distance(wanted, text), distance(wanted, text.slice(0, wanted.length)) + 0.5);
    const holds = wanted.length > 2 && (text.startsWith(wanted) || text.includes(wanted));
    return holds ? Math.min(edits, 1) : edits;
  };
  const allowed = Math.max(1, Math.ceil(wanted.length / 3));
  return [...new Set(names)]
    .map((other) => ({ other, edits: far(other) }))
    .filter(({ edits }) => edits <= allowed)
    .toSorted((a, b) => a.edits - b.edits)
    .slice(0, MOST)
    .map(({ other }) => other);
}
