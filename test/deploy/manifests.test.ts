import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

import { run } from '../process.ts';
import { cachedTool, requireTools } from '../require-tool.ts';
import { gatewayOf, sameWords } from './in-other-words.ts';
import { type KubeObject, podOf } from './kube-object.ts';
import { lintManifest } from './lint-manifest.ts';
import { HELM, helmLint, helmTemplate, KUBECTL, type Rendered } from './render.ts';
import { CHART_VALUES, OVERLAYS, renderAll } from './variants.ts';

const VALIDATE = cachedTool('kubernetes-validate-venv/bin/kubernetes-validate');
const missing = requireTools([HELM, KUBECTL, VALIDATE]);

/** Kinds that Kubernetes knows only where their owners are installed. */
const FOREIGN = ['AuthConfig', 'HTTPRoute', 'PodMonitor'];

describe.skipIf(missing)(`manifests ${missing ?? ''}`, { timeout: 240_000 }, () => {
  let all: Map<string, Rendered>;
  beforeAll(async () => {
    all = await renderAll();
  }, 240_000);

  test('are what Kubernetes 1.36 takes', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-manifests-'));
    const files = Array.from(all.values(), ({ yaml }, index) => {
      const file = join(folder.path, `${index}.yaml`);
      writeFileSync(file, yaml);
      return file;
    });
    const flags = ['--kubernetes-version', '1.36', '--strict', '--quiet'];
    const { code, stdout, stderr } = await run([...flags, ...files], { command: [VALIDATE], patienceMs: 200_000 });
    const lines = (stdout + stderr).split('\n').filter((line) => line !== '');
    const unknown = new RegExp(`Couldn't find schema for kind (${FOREIGN.join('|')}) `);
    expect([code, lines.filter((line) => !unknown.test(line))]).toEqual([0, []]);
  });

  test('are restricted, limited, disrupted one by one and denied by default', () => {
    const findings = Array.from(all, ([name, { objects }]) => lintManifest(objects).map((line) => `${name}: ${line}`));
    expect(findings.flat()).toEqual([]);
    expect(all.size).toBeGreaterThan(50);
  });

  test('give the gateway no flag that it does not have', async () => {
    const { stdout } = await run(['serve', '--help']);
    const offered = new Set([...stdout.matchAll(/^ +(--[\w-]+)/gm)].map(([, flag]) => flag));
    const used = [...all.values()].flatMap(({ objects }) => argsOf(objects).map((arg) => arg.split('=')[0] ?? ''));
    expect([...new Set(used)].filter((arg) => arg.startsWith('--') && !offered.has(arg))).toEqual([]);
    expect(used).toContain('--auth');
  });

  test('have no object twice', () => {
    const namesOf = ({ objects }: Rendered) => objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    for (const [name, rendered] of all) expect(new Set(namesOf(rendered)).size, name).toBe(rendered.objects.length);
  });

  test.each(OVERLAYS)('the chart makes of the same words the same as the overlay %s', (overlay) => {
    const chart = all.get(`chart ${overlay}`)?.objects ?? [];
    const ours = all.get(`overlay ${overlay}`)?.objects ?? [];
    expect(chart.length).toBeGreaterThan(0);
    expect(sameWords(chart)).toEqual(sameWords(ours));
  });

  test('an audit log is asked for by the same argument, and by none where none is asked for', () => {
    const asking = (name: string) => argsOf(all.get(name)?.objects ?? []).filter((arg) => arg.includes('audit'));
    expect(asking('components mlmd authorino ingress audit')).toEqual(['--audit-log=-']);
    expect(asking('chart tokens of an identity provider')).toEqual(['--audit-log=-']);
    expect([...asking('chart ingress'), ...asking('overlay ingress')]).toEqual([]);
  });

  test('lint of Helm', async () => {
    expect(await helmLint()).toContain('0 chart(s) failed');
  });

  test.each([
    ['store: { type: postgres }', "/store/type': value must be one of 'embedded', 'mlmd', 'mlmdServer'"],
    ['auth: { type: open }', "/auth/type': value must be one of"],
    ['replica: 3', "additional properties 'replica' not allowed"],
    ['replicas: 0', "/replicas': minimum: got 0, want 1"],
    ['image: { tag: latest }', "/image/tag': 'not' failed"],
    ['image: { digest: "sha256:1" }', "/image/digest': 'sha256:1' does not match pattern"],
    ['store: { type: mlmd, mlmd: { address: "http://mlmd:8080" } }', "/store/mlmd/address': 'http://mlmd:8080'"],
    ['resources: { limits: {} , requests: {}, claims: [] }', "additional properties 'claims' not allowed"],
    ['extraArgs: ["serve"]', "/extraArgs/0': 'serve' does not match pattern"],
    ['auth: { type: jwt }', 'auth.jwt.issuer is needed where auth.type is jwt'],
    ['auth: { type: jwt, jwt: { issuer: "https://a.b" } }', 'auth.roles is needed where auth.type is jwt'],
    [
      'store: { type: mlmdServer, mlmdServer: { database: { create: false } } }',
      'store.mlmdServer.database.host is needed where create is false',
    ],
  ])('the chart refuses %s', async (values, problem) => {
    await expect(helmTemplate(values)).rejects.toThrow(problem);
  });

  test('the chart takes what is said of image, arguments, nodes and roles', () => {
    const { objects = [] } = all.get('chart tokens of an identity provider') ?? {};
    const spec = podOf(gatewayOf(objects))?.['spec'];
    expect(spec.containers[0].image).toBe(`registry.example.com/modelgraph@sha256:${'0'.repeat(64)}`);
    expect(spec.containers[0].args).toEqual(
      expect.arrayContaining([
        '--mlmd=mlmd.example.com:9090',
        '--jwt-issuer=https://issuer.example.com',
        '--log-level=warn',
      ]),
    );
    expect([spec.nodeSelector, spec.tolerations]).toEqual([{ disk: 'ssd' }, [{ key: 'reserved', operator: 'Exists' }]]);
    const roles = objects.find(({ kind }) => kind === 'ConfigMap')?.['data']['roles.yaml'];
    expect(roles).toContain('registeredmodels');
    const ports = objects.flatMap(({ spec: { egress = [] } = {} }) =>
      egress.flatMap((rule: KubeObject) => rule['ports']),
    );
    expect(ports).toEqual(
      expect.arrayContaining([
        { port: 9090, protocol: 'TCP' },
        { port: 443, protocol: 'TCP' },
      ]),
    );
  });

  test('each overlay has values of the chart', () => {
    expect(OVERLAYS.filter((overlay) => !(overlay in CHART_VALUES))).toEqual([]);
  });
});

function argsOf(objects: readonly KubeObject[]): string[] {
  return podOf(gatewayOf(objects))?.['spec'].containers[0].args ?? [];
}
