import { monitorEventLoopDelay } from 'node:perf_hooks';

import type { Family } from './family.ts';
import { createReading, type Readings } from './reading.ts';

/** What every process tells of itself, under the names that dashboards for Node know. */
export function createProcessMetrics(version: string): readonly Family[] {
  const started = Date.now() / 1_000 - process.uptime();
  return [
    gauge('modelgraph_build_info', 'Always 1; its label is the version.', () => [[[version], 1]], ['version']),
    createReading(
      'counter',
      { name: 'process_cpu_seconds_total', help: 'CPU time of the process, in seconds.' },
      () => [[[], cpuSeconds()]],
    ),
    gauge(
      'process_start_time_seconds',
      'When the process began, in seconds since 1970.',
      one(() => started),
    ),
    gauge(
      'process_resident_memory_bytes',
      'Memory that the process holds.',
      one(() => process.memoryUsage.rss()),
    ),
    gauge(
      'nodejs_heap_size_used_bytes',
      "Memory that JavaScript's objects need.",
      one(() => process.memoryUsage().heapUsed),
    ),
    gauge('nodejs_eventloop_lag_p99_seconds', 'How late work began since the last look: the 99th percentile.', lag()),
  ];
}

function gauge(name: string, help: string, read: () => Readings, labels: readonly string[] = []): Family {
  return createReading('gauge', { name, help, labels }, read);
}

function one(read: () => number): () => Readings {
  return () => [[[], read()]];
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Milliseconds between the looks at the clock by which lateness is known. */
const RESOLUTION = 20;

function lag(): () => Readings {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION });
  delays.enable();
  return one(() => {
    const late = Math.max(0, delays.percentile(99) / 1e9 - RESOLUTION / 1_000);
    delays.reset();
    return late;
  });
}
