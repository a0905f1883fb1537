import { afterAll, beforeAll, expect, test } from 'vitest';

import { fillWithDemoData } from '../../src/demo/fill.ts';
import { policyOf } from '../auth/roles.ts';
import { type Harness, openHarness } from '../harness.ts';
import { openRig, type Rig } from './terminal-rig.ts';

/** Everything of the registry, and nothing of the runs that made it. */
const READS = [
  'list registeredmodels',
  'list modelversions',
  'get lineage',
  ...[
    'registeredmodels',
    'modelversions',
    'experiments',
    'experimentruns',
    'inferenceservices',
    'servingenvironments',
    'artifacts',
    'types',
  ].map((resource) => `get ${resource}`),
];

let gateway: Harness;
let rig: Rig;

beforeAll(async () => {
  gateway = await openHarness({ fill: fillWithDemoData, policy: policyOf({ all: ['* *'], versions: READS }) });
  rig = await openRig({ gateway: false });
});

afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

/** Runs a command as who has this token. */
function as(token: string, line: string) {
  return rig.shell(`modelgraph ${line} --server ${gateway.url}`, { MODELGRAPH_TOKEN: token });
}

test('a lineage says that something was left out which the caller may not see', async () => {
  const line = 'lineage version:bert-base-uncased-sst2/v3 --up';
  const all = await as('all', line);
  const own = await as('versions', line);
  const told = 'What you may not see was left out, and what is known only through it.\n';
  expect([all.stderr, own.stderr]).toEqual(['', told]);
  expect([all.code, own.code]).toEqual([0, 0]);
  const { stdout } = await as('versions', `${line} -o json`);
  expect(JSON.parse(stdout).completeness).toMatchObject({ complete: true, withheld: true });
});

test('a refusal names the right that is lacking', async () => {
  const { code, stdout, stderr } = await as('versions', 'experiments list');
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain("You may not list experiments in the registry 'modelgraph'.");
});
