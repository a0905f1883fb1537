import { type Counter, createCounter, createGauge } from './counter.ts';
import type { Family } from './family.ts';
import { createHistogram, type Histogram, SECONDS } from './histogram.ts';
import { createReading } from './reading.ts';

/** What is counted of an operator. */
export interface OperatorMetrics {
  readonly reconciles: Counter;
  readonly reconcileSeconds: Histogram;
  readonly actions: Counter;
  readonly watchFailures: Counter;
  readonly leading: Counter;
}

/** The metrics of an operator, all at zero. */
export function createOperatorMetrics(): OperatorMetrics {
  return {
    reconciles: createCounter({
      name: 'modelgraph_operator_reconciles_total',
      help: 'Looks at a ModelRegistry, and how they ended.',
      labels: ['result'],
    }),
    reconcileSeconds: createHistogram(
      { name: 'modelgraph_operator_reconcile_duration_seconds', help: 'Time that one look took.' },
      SECONDS,
    ),
    actions: createCounter({
      name: 'modelgraph_operator_actions_total',
      help: 'What was done about objects, by kind of action and of object.',
      labels: ['action', 'kind'],
    }),
    watchFailures: createCounter({
      name: 'modelgraph_operator_watch_failures_total',
      help: 'Lists and watches of a kind of object that have failed.',
      labels: ['kind'],
    }),
    leading: createGauge({ name: 'modelgraph_operator_leading', help: '1 where this process leads, otherwise 0.' }),
  };
}

/** All of them, with how many ModelRegistries wait to be looked at. */
export function operatorFamilies(metrics: OperatorMetrics, waiting: () => number): readonly Family[] {
  const queue = createReading(
    'gauge',
    { name: 'modelgraph_operator_queue_length', help: 'ModelRegistries that wait to be looked at.' },
    () => [[[], waiting()]],
  );
  return [...Object.values(metrics), queue];
}
