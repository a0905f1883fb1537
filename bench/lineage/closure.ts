/** An execution of a pipeline: the places of the artifacts that it read and wrote among those of its closure. */
export interface Step {
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** All that one artifact was made from, itself included: it has place 0, and the steps come nearest first. */
export interface Closure {
  readonly artifacts: number;
  readonly steps: readonly Step[];
  /** Links from the artifact to what lies farthest. */
  readonly hops: number;
}

/**
 * A closure of exactly so many nodes: layers of steps, each of which reads three or four artifacts and writes two, all of
 * them read by the layer after it, at most `width` in a layer. What is read beside those are datasets that nothing made.
 */
export function planClosure(size: number, width: number): Closure {
  const steps: Step[] = [];
  let artifacts = 1;
  let left = size - 2;
  let hops = 2;
  let outputs: readonly (readonly number[])[] = [[0]];
  for (;;) {
    const slots = slotsOf(outputs.length);
    const isLast = left <= slots.length;
    const next = isLast ? 0 : Math.min(width, Math.floor(slots.length / 2), Math.floor((left - 1) / 3));
    const first = artifacts;
    artifacts += 2 * next;
    left -= 3 * next;
    const datasets = isLast ? left : Math.min(Math.floor((slots.length - 2 * next) / 3), left - 1);
    artifacts += datasets;
    left -= datasets;
    // Outputs first, then datasets; what is over reads some of them once more.
    const read = artifacts - first;
    const inputs = outputs.map(() => new Set<number>());
    for (const [index, slot] of slots.entries()) inputs[slot]?.add(first + ((index + Math.floor(index / read)) % read));
    for (const [index, written] of outputs.entries())
      steps.push({ inputs: [...(inputs[index] ?? [])], outputs: written });
    if (isLast) return { artifacts, steps, hops };
    outputs = Array.from({ length: next }, (_none, index) => [first + 2 * index, first + 2 * index + 1]);
    hops += 2;
  }
}

/** The steps of a layer by what they may read: each three or four times, in turn. */
function slotsOf(steps: number): readonly number[] {
  const all = Array.from({ length: steps }, (_none, index) => index);
  return [...all, ...all, ...all, ...all.filter((index) => index % 2 === 0)];
}
