import type { Described, Family } from './family.ts';
import { line } from './line.ts';
import { createSeries } from './series.ts';

/** Tells how often values were how large. */
export interface Histogram extends Family {
  record(labels: readonly string[], value: number): void;
}

/** Bounds for what takes from a read of an index, in seconds, to the longest request. */
export const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Bounds for how many calls one request makes. */
export const CALLS = [1, 2, 3, 5, 8, 13, 21, 34, 55, 100, 250] as const;

/** A histogram without values; `bounds` are its buckets' upper ends, ascending. */
export function createHistogram(described: Described, bounds: readonly number[]): Histogram {
  const { name, labels: names = [] } = described;
  const series = createSeries(names, () => ({ sum: 0, counts: new Array<number>(bounds.length + 1).fill(0) }));
  return {
    ...described,
    type: 'histogram',
    record(labels, value) {
      const entry = series.of(labels);
      entry.sum += value;
      let at = 0;
      while (at < bounds.length && value > (bounds[at] ?? 0)) at += 1;
      entry.counts[at] = (entry.counts[at] ?? 0) + 1;
    },
    lines: () =>
      series.entries().flatMap(([labels, { sum, counts }]) => toLines(name, labels, sum, toBuckets(bounds, counts))),
  };
}

type Bucket = readonly [bound: string, upToIt: number];

function toBuckets(bounds: readonly number[], counts: readonly number[]): readonly Bucket[] {
  let upToIt = 0;
  return counts.map((count, index) => {
    upToIt += count;
    return [String(bounds[index] ?? '+Inf'), upToIt];
  });
}

function toLines(name: string, labels: string, sum: number, buckets: readonly Bucket[]): readonly string[] {
  const before = labels === '' ? '' : `${labels},`;
  return [
    ...buckets.map(([bound, count]) => line(`${name}_bucket`, `${before}le="${bound}"`, count)),
    line(`${name}_sum`, labels, sum),
    line(`${name}_count`, labels, buckets.at(-1)?.[1] ?? 0),
  ];
}
