import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openRig, type Rig } from './cli/terminal-rig.ts';
import { requireCluster } from './cluster/require.ts';
import { type OwnCluster, startCluster } from './cluster/start-cluster.ts';
import { toolsFolder } from './cluster/tools-folder.ts';
import { until } from './cluster/until.ts';
import { type PodProcess, startPodProcess } from './operator/pod-process.ts';
import { createVolume, startOperator, stopOperator } from './operator/rig.ts';
import { type Running, run } from './process.ts';
import { blocksOf, sectionOf } from './readme.ts';

const missing = requireCluster();
const PAGE = readFileSync('docs/kubernetes.md', 'utf8');
const QUICK = 'From an empty cluster to a registered model in ten commands';
const FORWARD = /^kubectl -n shop port-forward service\/(?<name>\S+) 4000:(?<port>\d+) &\n$/;

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

test('the first chapter has ten commands at most, numbered', () => {
  const chapter = sectionOf(PAGE, QUICK);
  const commands = blocksOf(chapter, 'sh').map((block) => block.replace(/<<'EOF'\n.*^EOF$/ms, '').trim());
  expect(commands.length).toBeLessThanOrEqual(10);
  expect(commands.filter((command) => /\n|;|&&/.test(command))).toEqual([]);
  const numbers = Array.from(chapter.matchAll(/^(\d+)\. .*\n\n```sh$/gm), ([, number]) => Number(number));
  expect(numbers).toEqual(commands.map((_, index) => index + 1));
});

describe.skipIf(missing !== undefined)(`docs/kubernetes.md ${missing ?? ''}`, { timeout: 240_000 }, () => {
  let cluster: OwnCluster;
  let user: Rig;
  let operator: Running | undefined;
  let pod: PodProcess | undefined;
  beforeAll(async () => {
    cluster = await startCluster({ kwok: true });
    user = await openRig({ gateway: false });
    await createVolume(cluster, 'shop-prod');
  }, 180_000);
  afterAll(async () => {
    await pod?.[Symbol.asyncDispose]();
    await user?.[Symbol.asyncDispose]();
    if (operator) await stopOperator(operator).finally(() => operator?.[Symbol.asyncDispose]());
    await cluster?.[Symbol.asyncDispose]();
  });

  // In their order: each goes on from what the last one left. No pod really runs; the operator does, from the first block on.
  const [first, later] = [BLOCKS.filter(([heading]) => heading === QUICK), BLOCKS.filter(([name]) => name !== QUICK)];
  test.each(first)('%s: %$', async (_heading, block) => {
    const forward = FORWARD.exec(block)?.groups;
    if (forward === undefined) {
      const output = await runBlock(block);
      operator ??= await startOperator(cluster);
      if (block.startsWith('modelgraph lineage')) expect(output).toBe(blocksOf(PAGE, 'text')[0]);
      return;
    }
    // The one command that is not run: there is nothing in the pod to forward to, but the process that stands in for it.
    pod = await startPodProcess(cluster, 'shop', forward['name'] ?? '');
    expect(await podPort(forward['name'] ?? '', Number(forward['port']))).toBe(pod.port);
    for (const path of ['/healthz', '/readyz']) expect((await fetch(`${pod.url}${path}`)).status).toBe(200);
  });

  test('the Roles that the operator made decide who may do what', async () => {
    for (const name of ['reader', 'stranger']) await cluster.createServiceAccount('shop', name);
    const binding = ['reader', '--role=registry-user-prod', '--serviceaccount=shop:reader'];
    await cluster.kubectl(['--namespace', 'shop', 'create', 'rolebinding', ...binding]);
    await until('the role of the reader', async () => (await as('reader', 'list')).code === 0);
    expect(await as('reader', 'create other')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("You may not create registeredmodels in the registry 'prod'."),
    });
    expect(await as('stranger', 'list')).toMatchObject({ code: 1, stderr: expect.stringContaining(told()) });
    expect(await as('training', 'list', 'elsewhere')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('does not accept the token'),
    });
    expect((await as('training', 'list')).stdout).toContain('churn');
  });

  test.each(later)('%s', async (_heading, block) => {
    await runBlock(block);
  });

  async function runBlock(block: string): Promise<string> {
    const env = { ...user.env, KUBECONFIG: cluster.kubeconfig };
    const PATH = `${user.home}:${toolsFolder}:${process.env.PATH}`;
    const address = new URL(pod?.url ?? 'http://127.0.0.1:4000').host;
    const { code, stdout, stderr } = await run(['-euo', 'pipefail', '-c', block.replace('127.0.0.1:4000', address)], {
      command: ['bash'],
      env: { ...env, PATH },
      patienceMs: 200_000,
    });
    expect([code, stderr.replace(/^Warning: .*\n/gm, '')], `${block}\n${stdout}`).toEqual([0, '']);
    return stdout;
  }

  /** The port of the pods to which a port of the Service leads. */
  async function podPort(name: string, port: number): Promise<number> {
    const path = `/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices?labelSelector=kubernetes.io/service-name=${name}`;
    const [slices, service] = await Promise.all([
      cluster.request('GET', path),
      cluster.request('GET', `/api/v1/namespaces/shop/services/${name}`),
    ]);
    const named = service.body.spec.ports.find((each: { port: number }) => each.port === port)?.name;
    return slices.body.items[0].ports.find((each: { name: string }) => each.name === named).port;
  }

  async function as(account: string, command: string, audience = 'modelgraph') {
    const MODELGRAPH_TOKEN = await cluster.token('shop', account, { audiences: [audience] });
    const env = { MODELGRAPH_SERVER: pod?.url ?? '', MODELGRAPH_TOKEN };
    return user.modelgraph(['models', ...command.split(' ')], env);
  }
});

/** What the page says that a stranger is told. */
function told(): string {
  return /`(You may not .*)`/.exec(sectionOf(PAGE, QUICK))?.[1] ?? 'nothing is told';
}
