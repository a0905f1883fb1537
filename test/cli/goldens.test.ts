import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openRig, type Rig, steady } from './terminal-rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await openRig();
});

afterAll(() => rig[Symbol.asyncDispose]());

/** Each command that asks, by the name of its golden. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'models-list': ['models', 'list'],
  'models-get': ['models', 'get', 'bert-squad'],
  'versions-list': ['versions', 'list', 'bert-base-uncased-sst2'],
  'versions-get': ['versions', 'get', 'bert-base-uncased-sst2/v3'],
  'versions-compare': ['versions', 'compare', 'bert-base-uncased-sst2/v2', 'v3'],
  'artifacts-list': ['artifacts', 'list', '--of', 'version:bert-base-uncased-sst2/v3'],
  'artifacts-get': ['artifacts', 'get', '133'],
  'experiments-list': ['experiments', 'list'],
  'experiments-get': ['experiments', 'get', 'sst2-learning-rate'],
  'runs-list': ['runs', 'list'],
  'runs-get': ['runs', 'get', 'sst2-learning-rate/lr-2e-5'],
  deployments: ['deployments'],
  'deployments-model': ['deployments', 'whisper'],
  'environments-list': ['environments', 'list'],
  'environments-get': ['environments', 'get', 'production'],
  'lineage-up': ['lineage', 'model:bert-base-uncased-sst2', '--up'],
  'lineage-down': ['lineage', 'artifact:1', '--down'],
  'lineage-both': ['lineage', 'version:bert-base-uncased-sst2/v3'],
  impact: ['impact', 'artifact:1'],
  diff: ['diff', 'version:bert-base-uncased-sst2/v2', 'version:bert-base-uncased-sst2/v3'],
};

describe.each(Object.entries(COMMANDS))('%s', (name, args) => {
  test.each(['table', 'json', 'yaml', 'csv', 'name'])('as %s', async (format) => {
    const { code, stdout, stderr } = await rig.modelgraph([...args, '-o', format]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    if (format === 'json') JSON.parse(stdout);
    await expect(steady(stdout)).toMatchFileSnapshot(`goldens/${name}.${format === 'table' ? 'txt' : format}`);
  });
});

test('a name that a list writes is one that the other commands take', async () => {
  for (const [list, get] of [
    ['models list', 'models get'],
    ['versions list', 'versions get'],
    ['artifacts list', 'artifacts get'],
    ['experiments list', 'experiments get'],
    ['runs list', 'runs get'],
    ['environments list', 'environments get'],
    ['models list', 'lineage --depth 0'],
    ['versions list', 'lineage --depth 0'],
    ['runs list', 'lineage --depth 0'],
    ['experiments list', 'lineage --depth 0'],
    ['environments list', 'lineage --depth 0'],
    ['deployments', 'lineage --depth 0'],
    ['artifacts list', 'impact'],
  ] as const) {
    const line = `modelgraph ${list} -o name --limit 1 2>/dev/null | xargs modelgraph ${get} -o name`;
    expect(await rig.shell(line), line).toMatchObject({ code: 0 });
  }
});

test('the lineage of a model goes down to its data, and says what it leaves out', async () => {
  const whole = await rig.modelgraph(['lineage', 'model:bert-base-uncased-sst2', '--up']);
  expect(whole.stdout).toMatch(
    /^bert-base-uncased-sst2 {2}RegisteredModel[\s\S]*Trainer[\s\S]*sst-2 {2}DataSet artifact:1$/m,
  );
  const cut = await rig.modelgraph(['lineage', 'model:bert-base-uncased-sst2', '--up', '--depth', '2']);
  expect(cut.stdout).not.toContain('Trainer');
  expect(cut.stderr).toMatch(
    /^\d+ more nodes were seen and left out: they lie deeper than --depth\. --continue goes on /,
  );
  const few = await rig.modelgraph(['lineage', 'model:bert-base-uncased-sst2', '--up', '--limit', '7']);
  expect(few.stderr).toMatch(/left out: there are more than --limit\. --continue goes on /);
  for (const flags of [
    ['--depth', '2'],
    ['--limit', '7'],
  ]) {
    const all = await rig.modelgraph(['lineage', 'model:bert-base-uncased-sst2', '--up', ...flags, '--continue']);
    expect(all.stderr).toBe('');
    expect(all.stdout.split('\n').toSorted()).toEqual(whole.stdout.split('\n').toSorted());
  }
});

describe('writing', () => {
  const ENV = { MODELGRAPH_SERVER: '' };

  test('registers, changes and archives a model with its versions and artifacts', async () => {
    await using own = await openRig();
    const steps = [
      ['models create churn --owner growth --property framework=xgboost', 'Created model:churn.\n'],
      ['models update model:churn --owner risk --description "Who leaves?"', 'Updated model:churn.\n'],
      ['versions create churn v1 --author ada', 'Created version:churn/v1.\n'],
      ['artifacts create model --kind model --of version:churn/v1 --uri s3://m/1', /^Created artifact:\d+\.\n$/],
      ['artifacts create auc --kind metric --of version:churn/v1 --value 0.93 --step 7', /^Created artifact:\d+\.\n$/],
      ['artifacts create depth --kind parameter --of version:churn/v1 --value 8', /^Created artifact:\d+\.\n$/],
      ['artifacts create rows --kind dataset --of version:churn/v1 --uri s3://d', /^Created artifact:\d+\.\n$/],
      ['artifacts create card --kind doc --of version:churn/v1 --uri s3://c', /^Created artifact:\d+\.\n$/],
      ['artifacts create card --kind doc --of version:churn/v1 --uri s3://c2', /^Changed artifact:\d+\.\n$/],
      [
        'runs log sst2-learning-rate/lr-2e-5 --metric f1=0.5@3 --metric f1=0.6@4 --parameter seed=7 --dataset d=s3://x',
        'Logged to run:sst2-learning-rate/lr-2e-5.\n',
      ],
      ['models archive churn', 'Archived model:churn.\n'],
    ] as const;
    for (const [line, said] of steps) {
      const { code, stdout, stderr } = await own.shell(`modelgraph ${line}`);
      expect({ code, stderr }, line).toEqual({ code: 0, stderr: '' });
      expect(stdout).toEqual(typeof said === 'string' ? said : expect.stringMatching(said));
    }
    const read = async (line: string) => JSON.parse((await own.shell(`modelgraph ${line} -o json`)).stdout);
    expect(await read('models get churn')).toMatchObject({
      owner: 'risk',
      description: 'Who leaves?',
      state: 'ARCHIVED',
      customProperties: { framework: 'xgboost' },
      versions: [{ name: 'v1', author: 'ada' }],
    });
    expect(await read('artifacts list --of version:churn/v1')).toMatchObject([
      { kind: 'model', name: 'model', uri: 's3://m/1' },
      { kind: 'metric', name: 'auc', value: 0.93, step: '7' },
      { kind: 'parameter', name: 'depth', value: '8' },
      { kind: 'dataset', name: 'rows', uri: 's3://d' },
      { kind: 'doc', name: 'card', uri: 's3://c2' },
    ]);
    expect(await read('artifacts list --of run:sst2-learning-rate/lr-2e-5 --kind dataset')).toMatchObject([
      { uri: 's3://x' },
    ]);
    const taken = await own.shell('modelgraph models create churn');
    expect(taken).toMatchObject({ code: 1, stdout: '' });
    expect(taken.stderr).toMatch(/^modelgraph: .*Nothing was changed\.\n$/);
  });

  test.each([
    ['models create churn --owner growth', 'mutation CreateModel', /"owner": "growth"/],
    ['models update bert-squad --owner x', 'mutation UpdateModel', /"databaseId": "4"/],
    ['models archive bert-squad', 'mutation ArchiveModel', /"databaseId": "4"/],
    ['versions create bert-squad v9', 'mutation CreateVersion', /"registeredModelId": "4"/],
    ['artifacts create a --kind doc --of version:bert-squad/base-uncased', 'mutation CreateArtifact', /"docArtifact"/],
    ['runs log sst2-learning-rate/lr-2e-5 --metric f1=0.5', 'mutation LogRun', /"value": 0\.5/],
  ])('with --dry-run changes nothing: %s', async (line, operation, variable) => {
    const before = await rig.shell('modelgraph query - <<< "{ contexts(first: 100) { nodes { id lastUpdateTime } } }"');
    const { code, stdout, stderr } = await rig.shell(`modelgraph ${line} --dry-run`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Would send ${operation} with {`);
    expect(stdout).toMatch(variable);
    const json = JSON.parse((await rig.shell(`modelgraph ${line} --dry-run -o json`)).stdout);
    expect(json).toEqual({ query: expect.stringMatching(new RegExp(`^${operation}`)), variables: expect.any(Object) });
    expect(
      await rig.shell('modelgraph query - <<< "{ contexts(first: 100) { nodes { id lastUpdateTime } } }"'),
    ).toEqual(before);
  });

  test('with --dry-run sends nothing where no name has to be looked up', async () => {
    const { code, stdout } = await rig.shell('modelgraph models create x --dry-run --server http://127.0.0.1:9', ENV);
    expect(code).toBe(0);
    expect(stdout).toContain('"name": "x"');
  });
});
