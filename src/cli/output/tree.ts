/** A line of a tree, and what hangs below it. */
export interface Branch {
  readonly text: string;
  /** Asked for once, when the line is drawn. */
  below(): readonly Branch[];
}

interface Pending {
  readonly branch: Branch;
  /** What stands before the branches of this one. */
  readonly indent: string;
  readonly bend: string;
}

/** The tree in lines, top down. It needs no more stack for a deep tree than for a flat one. */
export function drawTree(root: Branch): string[] {
  const lines: string[] = [];
  const pending: Pending[] = [{ branch: root, indent: '', bend: '' }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { branch, indent, bend } = next;
    lines.push(`${bend}${branch.text}`);
    const below = branch.below();
    const last = below.length - 1;
    pending.push(
      ...below
        .map((each, index) => ({
          branch: each,
          indent: `${indent}${index === last ? '   ' : '│  '}`,
          bend: `${indent}${index === last ? '└─ ' : '├─ '}`,
        }))
        .toReversed(),
    );
  }
  return lines;
}
