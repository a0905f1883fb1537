import { describe, expect, test } from 'vitest';

import { createCounter, createGauge } from '../../src/metrics/counter.ts';
import { toExposition } from '../../src/metrics/exposition.ts';
import type { Family } from '../../src/metrics/family.ts';
import { createHistogram } from '../../src/metrics/histogram.ts';
import { createReading } from '../../src/metrics/reading.ts';

const HEAD = { name: 'a_total', help: 'What\nit \\ is.' };
const LABELLED = { ...HEAD, labels: ['b', 'c'] };

function filled<Made extends Family>(made: Made, ...works: readonly ((made: Made) => void)[]): Made {
  for (const work of works) work(made);
  return made;
}

describe("Prometheus' text format", () => {
  test.each<[string, Family, readonly string[]]>([
    ['a counter at zero', createCounter(HEAD), ['a_total 0']],
    ['a counter with labels, of which there are none yet', createCounter(LABELLED), []],
    [
      'labels that have to be escaped',
      filled(
        createCounter(LABELLED),
        (made) => made.add(['"\\\n', '']),
        (made) => made.add(['"\\\n', ''], 2),
      ),
      ['a_total{b="\\"\\\\\\n",c=""} 3'],
    ],
    [
      'labels that would be the same put together',
      filled(
        createCounter(LABELLED),
        (made) => made.add(['x', 'yz']),
        (made) => made.add(['xy', 'z']),
      ),
      ['a_total{b="x",c="yz"} 1', 'a_total{b="xy",c="z"} 1'],
    ],
    [
      'a gauge that goes down',
      filled(
        createGauge(HEAD),
        (made) => made.add([]),
        (made) => made.add([], -3),
      ),
      ['a_total -2'],
    ],
    ['a histogram without values', createHistogram(LABELLED, [1]), []],
    [
      'a histogram: each bucket has those below it, and its own bound',
      filled(
        createHistogram(HEAD, [0.5, 1]),
        ...[0.5, 0.75, 1, 2].map((value) => (made: ReturnType<typeof createHistogram>) => made.record([], value)),
      ),
      [
        'a_total_bucket{le="0.5"} 1',
        'a_total_bucket{le="1"} 3',
        'a_total_bucket{le="+Inf"} 4',
        'a_total_sum 4.25',
        'a_total_count 4',
      ],
    ],
    [
      'a histogram with labels',
      filled(createHistogram({ ...HEAD, labels: ['b'] }, [1]), (made) => made.record(['x'], 3)),
      [
        'a_total_bucket{b="x",le="1"} 0',
        'a_total_bucket{b="x",le="+Inf"} 1',
        'a_total_sum{b="x"} 3',
        'a_total_count{b="x"} 1',
      ],
    ],
    ['what is read', createReading('gauge', { ...HEAD, labels: ['b'] }, () => [[['x'], 7]]), ['a_total{b="x"} 7']],
  ])('%s', (_what, family, lines) => {
    const head = ['# HELP a_total What\\nit \\\\ is.', `# TYPE a_total ${family.type}`];
    expect(toExposition([family])).toBe(`${[...head, ...lines].join('\n')}\n`);
  });
});
