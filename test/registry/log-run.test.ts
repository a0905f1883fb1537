import { describe, expect, test } from 'vitest';

import { post } from '../harness.ts';
import { KINDS, openRegistry, plain } from './rig.ts';

/** Names that filters and lists of MLMD's read differently. */
const ODD = [
  ...["it's", '"quoted"', 'back\\slash', '100 %', 'under_score', 'a:b', 'line\nbreak', 'ü', '`', 'loss__1'],
  ...[
    'my state in x',
    'type = 1',
    'state not known',
    'properties.p.int_value',
    'custom_properties.p',
    'contexts_a.type',
  ],
];

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
    expect(plain(metric?.properties)).toEqual({ value: 1_000 });
  });

  test('a logged value has only what came with it, and so has the metric of its step and time', async () => {
    await using run = await openRun();
    const property = { name: 'p', value: { boolValue: true } };
    const first = { name: 'loss', value: 1, step: '7', timestamp: '17', description: 'of the first' };
    const written = { ...first, state: 'ABANDONED', customProperties: [property] };
    await run.do('upsertArtifact', { parentId: '2', metric: written });
    await run.do('logRun', { experimentRunId: '2', metrics: [{ name: 'loss', value: 2 }] });
    await run.do('upsertArtifact', { parentId: '2', metric: { name: 'loss', value: 3, timestamp: '19' } });
    await run.do('upsertArtifact', { parentId: '2', metric: { name: 'loss', description: 'no value' } });
    const history = await run.artifacts('kf.MetricHistory');
    expect(history.map(({ properties }) => plain(properties))).toEqual([
      { value: 1, step: 7n, timestamp: '17', description: 'of the first' },
      { value: 2 },
      { value: 3, timestamp: '19' },
    ]);
    expect(history.map(({ state = 0, customProperties }) => [state, customProperties.size])).toEqual([
      [5, 1],
      [0, 0],
      [0, 0],
    ]);
    const [metric] = await run.artifacts('kf.Metric');
    expect(metric?.state).toBe(5);
    expect(plain(metric?.properties)).toEqual({ value: 3, timestamp: '19', description: 'no value' });
    expect(plain(metric?.customProperties)).toEqual({ p: true });
  });

  test('a parameter that is logged again keeps its type, where none is given', async () => {
    await using run = await openRun();
    for (const parameter of [{ value: '1', parameterType: 'NUMBER' }, { value: '2' }]) {
      await run.do('logRun', { experimentRunId: '2', parameters: [{ name: 'lr', ...parameter }] });
    }
    const [parameter] = await run.artifacts('kf.Parameter');
    expect(plain(parameter?.properties)).toEqual({ value: '2', parameter_type: 'number' });
  });

  test('a thousand rows of a thousand names are logged, and logged again', async () => {
    await using run = await openRun();
    const names = Array.from({ length: 400 }, (_, index) => `row ${index}`);
    for (const value of [1, 2]) {
      await run.do('logRun', {
        experimentRunId: '2',
        metrics: names.map((name) => ({ name, value })),
        parameters: names.map((name) => ({ name, value: `${value}` })),
        dataSets: names.slice(0, 200).map((name) => ({ name, digest: `${value}` })),
      });
    }
    const metrics = await run.artifacts('kf.Metric');
    expect(metrics.map(({ name }) => name)).toEqual(names.map((name) => `2:${name}`));
    expect(new Set(metrics.map(({ properties }) => properties.get('value')?.doubleValue))).toEqual(new Set([2]));
    expect(await run.artifacts('kf.Parameter')).toHaveLength(400);
    expect(await run.artifacts('kf.DataSet')).toHaveLength(200);
    const history = await run.artifacts('kf.MetricHistory');
    expect(history.map(({ properties }) => properties.get('value')?.doubleValue)).toEqual([
      ...names.map(() => 1),
      ...names.map(() => 2),
    ]);
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
