import type { Family } from './family.ts';
import { createReading } from './reading.ts';

/** What an embedded store tells of itself; the other one has no statements and no queue. */
export interface StoreReadings {
  /** SQL statements that were run. */
  statements?(): number;
  /** What waits for the one connection. */
  waiting?(): { readonly transactions: number; readonly writes: number };
}

/** Metrics of what a store tells; those of what it does not tell have no value. */
export function createStoreMetrics({ statements, waiting }: StoreReadings): readonly Family[] {
  return [
    createReading(
      'counter',
      { name: 'modelgraph_store_statements_total', help: 'SQL statements that the embedded store has run.' },
      () => (statements ? [[[], statements()]] : []),
    ),
    createReading(
      'gauge',
      {
        name: 'modelgraph_store_waiting',
        help: "What waits for the embedded store's connection: transactions for their turn, writes for a commit.",
        labels: ['what'],
      },
      () => {
        if (!waiting) return [];
        const { transactions, writes } = waiting();
        return [
          [['transactions'], transactions],
          [['writes'], writes],
        ];
      },
    ),
  ];
}
