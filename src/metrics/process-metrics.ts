import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';

/** Has this registry tell what every process tells of itself, under the names that dashboards for Node know. */
export function addProcessMetrics(registry: Registry, version: string): void {
  const build = new Gauge({
    name: 'modelgraph_build_info',
    help: 'Always 1; its label is the version.',
    labelNames: ['version'],
    registers: [registry],
  });
  build.set({ version }, 1);
  collectDefaultMetrics({ register: registry });
}
