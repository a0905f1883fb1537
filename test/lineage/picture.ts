interface Shown {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
}

interface Lineage {
  readonly nodes: readonly Shown[];
  readonly edges: readonly { readonly from: { id: string }; readonly to: { id: string }; readonly kind: string }[];
}

interface Impact {
  readonly items: readonly { readonly path: readonly Shown[] }[];
}

interface Diff {
  readonly changes: readonly {
    readonly change: string;
    readonly role: string;
    readonly before: Omit<Shown, 'id'> | null;
    readonly after: Omit<Shown, 'id'> | null;
    readonly differences: readonly { readonly field: string }[];
  }[];
}

/** An answer as a picture in Mermaid's language, as docs/lineage.md shows it. */
export function pictureOf(data: {
  readonly lineage?: Lineage;
  readonly impact?: Impact;
  readonly provenanceDiff?: Diff;
}): string {
  if (data.lineage) return draw('LR', data.lineage.nodes, linksOf(data.lineage));
  if (data.impact) return drawImpact(data.impact);
  return data.provenanceDiff ? drawDiff(data.provenanceDiff) : '';
}

interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

function linksOf({ nodes, edges }: Lineage): readonly Arrow[] {
  const shown = new Set(nodes.map(({ id }) => id));
  return edges
    .filter(({ from, to }) => shown.has(from.id) && shown.has(to.id))
    .map(({ from, to, kind }) => ({ from: from.id, to: to.id, text: kind }));
}

function drawImpact({ items }: Impact): string {
  const nodes = new Map(items.flatMap(({ path }) => path).map((node) => [node.id, node]));
  const arrows = new Map<string, Arrow>();
  for (const { path } of items) {
    for (const [index, { id }] of path.entries()) {
      const before = path[index - 1];
      if (before) arrows.set(`${before.id} ${id}`, { from: before.id, to: id, text: '' });
    }
  }
  return draw('LR', [...nodes.values()], [...arrows.values()]);
}

/** Each change with what was before on the left and what is now on the right. */
function drawDiff({ changes }: Diff): string {
  const nodes: Shown[] = [];
  const arrows: Arrow[] = [];
  for (const [index, { change, role, before, after, differences }] of changes.entries()) {
    const [left, right] = [before ?? { kind: role, label: '—' }, after ?? { kind: role, label: '—' }];
    nodes.push({ ...left, id: `a${index}` }, { ...right, id: `b${index}` });
    const fields = differences.map(({ field }) => field).join(', ');
    arrows.push({ from: `a${index}`, to: `b${index}`, text: fields || change });
  }
  return draw('LR', nodes, arrows);
}

function draw(direction: string, nodes: readonly Shown[], arrows: readonly Arrow[]): string {
  const names = new Map(nodes.map(({ id }, index) => [id, `n${index + 1}`]));
  return [
    `graph ${direction}`,
    ...nodes.map(({ id, kind, label }) => `  ${names.get(id)}["${kind}<br/>${label}"]`),
    ...arrows.map(({ from, to, text }) => `  ${names.get(from)} -->${text && `|${text}|`} ${names.get(to)}`),
    '',
  ].join('\n');
}
