import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { requireCluster } from './cluster/require.ts';
import { type OwnCluster, startCluster } from './cluster/start-cluster.ts';
import { toolsFolder } from './cluster/tools-folder.ts';
import { createVolume, startOperator, stopOperator } from './operator/rig.ts';
import { type Running, run } from './process.ts';

const missing = requireCluster();
const PAGE = readFileSync('docs/kubernetes.md', 'utf8');

/** Its blocks of commands, each under the heading before it. */
const BLOCKS = Array.from(PAGE.matchAll(/^```sh\n([\s\S]*?)^```$/gm), ({ 1: block = '', index }) => {
  const heading =
    PAGE.slice(0, index)
      .match(/^#+ .*$/gm)
      ?.at(-1) ?? '';
  return [heading.replace(/^#+ /, ''), block] as const;
});

test('docs/kubernetes.md has a row for each reason of a problem', () => {
  const { stdout } = spawnSync(
    'grep',
    ['-rhoE', "reason(:| =.*\\?) '[A-Za-z]+'( : '[A-Za-z]+')?", 'src/operator/status'],
    {
      encoding: 'utf8',
    },
  );
  const reasons = new Set(Array.from(stdout.matchAll(/'([A-Za-z]+)'/g), ([, reason = '']) => reason));
  const told = ['PodsReady', 'ScaledToZero', 'NoPodReady', 'RollingOut', 'Settled', 'Blocked', 'Starting', 'Healthy'];
  const missing = [...reasons].filter(
    (reason) => !told.includes(reason) && !new RegExp(`^\\|.*\`${reason}\``, 'm').test(PAGE),
  );
  expect(reasons.size).toBeGreaterThan(15);
  expect(missing.filter((reason) => reason !== 'ApiUnavailable')).toEqual([]);
});

describe.skipIf(missing !== undefined)(`docs/kubernetes.md ${missing ?? ''}`, { timeout: 240_000 }, () => {
  let cluster: OwnCluster;
  let operator: Running | undefined;
  beforeAll(async () => {
    cluster = await startCluster({ kwok: true });
    await createVolume(cluster, 'shop-prod');
  }, 180_000);
  afterAll(async () => {
    if (operator) await stopOperator(operator).finally(() => operator?.[Symbol.asyncDispose]());
    await cluster?.[Symbol.asyncDispose]();
  });

  // In their order: each goes on from what the last one left. No pod really runs; the operator does, from the first block on.
  test.each(BLOCKS)('%s', async (_heading, block) => {
    const env = { KUBECONFIG: cluster.kubeconfig, PATH: `${toolsFolder}:${process.env.PATH}` };
    const { code, stdout, stderr } = await run(['-euo', 'pipefail', '-c', block], {
      command: ['bash'],
      env,
      patienceMs: 200_000,
    });
    expect([code, stderr.replace(/^Warning: .*\n/gm, '')], `${block}\n${stdout}`).toEqual([0, '']);
    operator ??= await startOperator(cluster);
  });
});
