import { METRIC_HISTORY_TYPE } from '../domain/registry-kinds.ts';
import { toOwnName } from '../domain/registry-names.ts';
import type { Row } from '../domain/row.ts';
import { artifactsByName } from './artifacts-by-name.ts';
import type { Work } from './change.ts';

/**
 * A row of the history for each value of the metrics of a run, which may be several of one metric. The name is the
 * metric's with the time of the logging, or the next millisecond that no other value of the metric has.
 */
export async function toHistory(work: Work, runId: bigint, values: readonly Row[]): Promise<readonly Row[]> {
  const typeId = (await work.types()).get(METRIC_HISTORY_TYPE) ?? 0n;
  const metrics = values.map(({ name }) => `${runId}:${toOwnName('Metric', name) ?? ''}`);
  const names = await freeNames(work, metrics);
  return values.map(({ id: _id, externalId: _externalId, ...value }, index) => ({
    ...value,
    typeId,
    type: METRIC_HISTORY_TYPE,
    name: names[index],
  }));
}

async function freeNames(work: Work, metrics: readonly string[]): Promise<readonly string[]> {
  let begin = Date.now();
  for (;;) {
    const names = numbered(metrics, begin);
    const taken = await artifactsByName(work, METRIC_HISTORY_TYPE, names);
    if (taken.size === 0) return names;
    begin = 1 + Array.from(taken.keys(), timeOf).reduce((last, time) => Math.max(last, time), begin);
  }
}

function numbered(metrics: readonly string[], begin: number): string[] {
  const next = new Map<string, number>();
  return metrics.map((metric) => {
    const time = next.get(metric) ?? begin;
    next.set(metric, time + 1);
    return `${metric}__${time}`;
  });
}

function timeOf(name: string): number {
  return Number(name.slice(name.lastIndexOf('__') + 2));
}
