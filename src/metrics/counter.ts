import type { Described, Family } from './family.ts';
import { line } from './line.ts';
import { createSeries } from './series.ts';

/** Counts what happens. */
export interface Counter extends Family {
  add(labels: readonly string[], amount?: number): void;
}

/** A counter at zero. */
export function createCounter(described: Described): Counter {
  return { ...described, type: 'counter', ...tally(described) };
}

/** A gauge at zero: a number that goes up and down. */
export function createGauge(described: Described): Counter {
  return { ...described, type: 'gauge', ...tally(described) };
}

function tally({ name, labels: names = [] }: Described): Pick<Counter, 'add' | 'lines'> {
  const series = createSeries(names, () => ({ value: 0 }));
  return {
    add(labels, amount = 1) {
      series.of(labels).value += amount;
    },
    lines: () => series.entries().map(([labels, { value }]) => line(name, labels, value)),
  };
}
