import { describe, expect, test } from 'vitest';

import { post } from '../harness.ts';
import { KINDS, openRegistry, plain } from './rig.ts';

/** Names that filters and lists of MLMD's read differently. */
const ODD = ["it's", '"quoted"', 'back\\slash', '100 %', 'under_score', 'a:b', 'line\nbreak', 'ü', '`', 'loss__1'];

describe.each(KINDS)('on the %s store', (kind) => {
  async function openRun() {
    const registry = await openRegistry(kind);
    await registry.do('createExperiment', { name: 'e' });
    await registry.do('createExperimentRun', { experimentId: '1', name: 'r' });
    const artifacts = async (typeName: string) => {
      const all = [];
      for (let nextPageToken: string | undefined = ''; nextPageToken !== undefined; ) {
        const options = { maxResultSize: 100, ...(nextPageToken ? { nextPageToken } : {}) };
        const page = await registry.store.getArtifactsByType({ typeName, options });
        all.push(...page.artifacts);
        nextPageToken = page.nextPageToken || undefined;
      }
      return all;
    };
    return { ...registry, artifacts };
  }

  test('what is there by its name gets the new values, whatever the name is', async () => {
    await using run = await openRun();
    const logged = (value: number) => ({
      experimentRunId: '2',
      parameters: ODD.map((name) => ({ name, value: `${value}`, description: value === 1 ? 'kept' : undefined })),
      metrics: ODD.map((name) => ({ name, value, step: value })),
      dataSets: ODD.map((name) => ({ name, digest: `${value}` })),
    });
    for (const value of [1, 2]) await run.do('logRun', logged(value));
    for (const [type, values] of [
      ['kf.Parameter', { value: '2', parameter_type: 'string', description: 'kept' }],
      ['kf.Metric', { value: 2, step: 2n }],
      ['kf.DataSet', { digest: '2' }],
    ] as const) {
      const rows = await run.artifacts(type);
      expect(rows.map(({ name }) => name).sort()).toEqual(ODD.map((name) => `2:${name}`).sort());
      for (const { properties } of rows) expect(plain(properties)).toEqual(values);
    }
    const history = await run.artifacts('kf.MetricHistory');
    expect(history.map(({ name = '' }) => name.replace(/__\d{13}$/, '')).sort()).toEqual(
      [...ODD, ...ODD].map((name) => `2:${name}`).sort(),
    );
  });

  test('of many values of one metric each is in the history, in their order, and so is what follows at once', async () => {
    await using run = await openRun();
    const values = Array.from({ length: 1_000 }, (_, index) => ({ name: 'loss', value: index, step: index }));
    await run.do('logRun', { experimentRunId: '2', metrics: values });
    await run.do('logRun', { experimentRunId: '2', metrics: [{ name: 'loss', value: 1_000 }] });
    const history = await run.artifacts('kf.MetricHistory');
    expect(history.map(({ properties }) => properties.get('value')?.doubleValue)).toEqual(
      Array.from({ length: 1_001 }, (_, index) => index),
    );
    expect(new Set(history.map(({ name }) => name)).size).toBe(1_001);
    const [metric, another] = await run.artifacts('kf.Metric');
    expect(another).toBeUndefined();
    expect(plain(metric?.properties)).toEqual({ value: 1_000, step: 999n });
  });

  test('all of it is written or nothing', async () => {
    await using run = await openRun();
    const refused = await run.refused('logRun', {
      experimentRunId: '2',
      parameters: [{ name: 'a', value: 'x'.repeat(65_537) }],
      metrics: [
        { name: 'b', value: 1 },
        { name: 'c', value: 1, timestamp: '-' },
      ],
    });
    expect(refused.map(({ field }) => field)).toEqual([
      ['parameters', '0', 'value'],
      ['metrics', '1', 'timestamp'],
    ]);
    expect((await run.store.getArtifacts({})).artifacts).toEqual([]);
  });

  test('nothing to log is no mistake, and the answer has each row once', async () => {
    await using run = await openRun();
    await run.do('logRun', { experimentRunId: '2' });
    const query = `mutation ($input: LogRunInput!) {
      logRun(input: $input) { experimentRun { name } metrics { name value } parameters { name } dataSets { name } }
    }`;
    const metrics = [2, 1].flatMap((value) => ['b', 'a'].map((name) => ({ name, value })));
    const { data } = await post(run.harness.url, { query, variables: { input: { experimentRunId: '2', metrics } } });
    expect(data.logRun).toEqual({
      experimentRun: { name: 'r' },
      metrics: [
        { name: 'b', value: 1 },
        { name: 'a', value: 1 },
      ],
      parameters: [],
      dataSets: [],
    });
  });
});
