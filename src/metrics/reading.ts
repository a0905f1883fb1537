import type { Described, Family } from './family.ts';
import { line } from './line.ts';
import { labelsText } from './series.ts';

/** Values by their labels, in the order of the labels' names. */
export type Readings = readonly (readonly [labels: readonly string[], value: number])[];

/** A metric that is read when it is asked for. */
export function createReading(type: 'counter' | 'gauge', described: Described, read: () => Readings): Family {
  const { name, labels: names = [] } = described;
  return {
    ...described,
    type,
    lines: () => read().map(([labels, value]) => line(name, labelsText(names, labels), value)),
  };
}
