import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

import { SECONDS } from './seconds.ts';

/** What is counted of an operator. */
export interface OperatorMetrics {
  readonly reconciles: Counter<'result'>;
  readonly reconcileSeconds: Histogram;
  readonly actions: Counter<'action' | 'kind'>;
  readonly watchFailures: Counter<'kind'>;
  readonly leading: Gauge;
}

/** The metrics of an operator, all at zero, which this registry tells with how many ModelRegistries wait. */
export function createOperatorMetrics(registry: Registry, waiting: () => number): OperatorMetrics {
  const registers = [registry];
  const metrics = {
    reconciles: new Counter({
      name: 'modelgraph_operator_reconciles_total',
      help: 'Looks at a ModelRegistry, and how they ended.',
      labelNames: ['result'],
      registers,
    }),
    reconcileSeconds: new Histogram({
      name: 'modelgraph_operator_reconcile_duration_seconds',
      help: 'Time that one look took.',
      buckets: SECONDS,
      registers,
    }),
    actions: new Counter({
      name: 'modelgraph_operator_actions_total',
      help: 'What was done about objects, by kind of action and of object.',
      labelNames: ['action', 'kind'],
      registers,
    }),
    watchFailures: new Counter({
      name: 'modelgraph_operator_watch_failures_total',
      help: 'Lists and watches of a kind of object that have failed.',
      labelNames: ['kind'],
      registers,
    }),
    leading: new Gauge({
      name: 'modelgraph_operator_leading',
      help: '1 where this process leads, otherwise 0.',
      registers,
    }),
  };
  const queue = new Gauge({
    name: 'modelgraph_operator_queue_length',
    help: 'ModelRegistries that wait to be looked at.',
    registers,
    collect() {
      queue.set(waiting());
    },
  });
  return metrics;
}
