import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Cluster } from '../cluster/cluster.ts';
import { requireCluster } from '../cluster/require.ts';
import { sharedCluster } from '../cluster/shared-cluster.ts';
import { foreignKindsFile, toolsFolder } from '../cluster/tools-folder.ts';
import { until } from '../cluster/until.ts';
import { untilCondition } from '../cluster/until-condition.ts';
import { run } from '../process.ts';
import { blocksOf, sectionOf } from '../readme.ts';
import { requireTools } from '../require-tool.ts';
import { DEPLOY, HELM } from './render.ts';

const page = readFileSync('docs/deployment.md', 'utf8');
const missing = requireCluster() ?? requireTools([HELM]);
const [overlay = '', secret = '', bindings = ''] = blocksOf(sectionOf(page, 'Overlays'), 'sh');
const [install = ''] = blocksOf(sectionOf(page, 'Helm'), 'sh');
const DEPLOYMENTS = '/apis/apps/v1/namespaces/modelgraph/deployments';

test('each command of the page is run: those of the image by test/image, the others here', () => {
  const image = blocksOf(sectionOf(page, 'The image'), 'sh');
  expect(blocksOf(page, 'sh')).toEqual([...image, overlay, secret, bindings, install]);
  expect(image.length).toBe(2);
});

// In their order: each goes on from what the last one left. No pod really runs.
describe.skipIf(missing !== undefined)(`commands of the page ${missing ?? ''}`, { timeout: 180_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelgraph-deployment-'));
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await sharedCluster();
    symlinkSync(DEPLOY, join(folder, 'deploy'));
    await cluster.apply(readFileSync(foreignKindsFile, 'utf8'));
    await cluster.apply(JSON.stringify(VOLUME));
  }, 180_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await cluster?.kubectl(['delete', '--wait=false', '--ignore-not-found', 'namespace/modelgraph', 'pv/modelgraph']);
  });

  test('an overlay', async () => {
    await runBlock(overlay);
    await untilCondition(cluster, `${DEPLOYMENTS}/modelgraph`, 'Available');
  });

  test('a password', async () => {
    await runBlock(secret);
    const { body } = await cluster.request('GET', '/api/v1/namespaces/modelgraph/secrets/modelgraph-database');
    expect(Buffer.from(body.data.password, 'base64').toString()).toMatch(/^[0-9a-f]{48}$/);
  });

  test('who may read or change the registry', async () => {
    await runBlock(bindings);
    const pipeline = { user: 'system:serviceaccount:training:pipeline' };
    const reader = { user: 'ada', groups: ['data-science'] };
    await until('the roles', async () => (await may(reader, 'list')) && (await may(pipeline, 'create')));
    expect([await may(reader, 'create'), await may({ user: 'ada' }, 'list')]).toEqual([false, false]);
  });

  test('the chart, in place of the overlay', async () => {
    await cluster.kubectl(['delete', '--kustomize', `${DEPLOY}/overlays/embedded`]);
    const [values = ''] = blocksOf(sectionOf(page, 'Helm'), 'yaml');
    writeFileSync(join(folder, 'values.yaml'), values);
    expect(await runBlock(install)).toContain('STATUS: deployed');
    for (const name of ['modelgraph', 'modelgraph-mlmd']) {
      await untilCondition(cluster, `${DEPLOYMENTS}/${name}`, 'Available');
    }
    await runBlock('helm uninstall modelgraph -n modelgraph --wait');
  });

  async function runBlock(block: string): Promise<string> {
    const env = { KUBECONFIG: cluster.kubeconfig, HOME: folder };
    const PATH = `${toolsFolder}:${dirname(HELM)}:${process.env.PATH}`;
    const options = { command: ['bash'], cwd: folder, env: { ...env, PATH }, patienceMs: 120_000 } as const;
    const { code, stdout, stderr } = await run(['-euo', 'pipefail', '-c', block], options);
    expect([code, stderr.replace(/^(Warning|level=WARN).*\n/gm, '')], `${block}\n${stdout}`).toEqual([0, '']);
    return stdout;
  }

  async function may(who: object, verb: string): Promise<boolean> {
    const resourceAttributes = { namespace: 'modelgraph', group: 'modelgraph.dev', resource: 'registeredmodels', verb };
    const spec = { ...who, resourceAttributes: { ...resourceAttributes, name: 'modelgraph' } };
    const { body } = await cluster.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', { spec });
    return body.status.allowed;
  }
});

/** What a provisioner would make for the claim. */
const VOLUME = {
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'modelgraph' },
  spec: {
    capacity: { storage: '10Gi' },
    accessModes: ['ReadWriteOncePod'],
    claimRef: { namespace: 'modelgraph', name: 'modelgraph-data' },
    hostPath: { path: '/var/lib/modelgraph' },
  },
};
