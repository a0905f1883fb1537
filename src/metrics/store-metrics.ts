import { Counter, Gauge, type Registry } from 'prom-client';

/** What an embedded store tells of itself; the other one has no statements and no queue. */
export interface StoreReadings {
  /** SQL statements that were run. */
  statements?(): number;
  /** What waits for the one connection. */
  waiting?(): { readonly transactions: number; readonly writes: number };
}

/** Has this registry tell what the store, once it is open, tells of itself. */
export function addStoreMetrics(registry: Registry, readings: () => StoreReadings): void {
  const statements = new Counter({
    name: 'modelgraph_store_statements_total',
    help: 'SQL statements that the embedded store has run.',
    registers: [registry],
    collect() {
      statements.reset();
      statements.inc(readings().statements?.() ?? 0);
    },
  });
  const waiting = new Gauge({
    name: 'modelgraph_store_waiting',
    help: "What waits for the embedded store's connection: transactions for their turn, writes for a commit.",
    labelNames: ['what'],
    registers: [registry],
    collect() {
      for (const [what, count] of Object.entries(readings().waiting?.() ?? {})) waiting.set({ what }, count);
    },
  });
}
