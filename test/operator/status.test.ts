import { describe, expect, test } from 'vitest';

import { KubeError } from '../../src/operator/kube/kube-error.ts';
import type { KubeObject } from '../../src/operator/kube/kube-object.ts';
import type { Seen } from '../../src/operator/reconcile.ts';
import type { ModelRegistry, RegistrySpec } from '../../src/operator/registry/model-registry.ts';
import { announcements } from '../../src/operator/status/announcements.ts';
import { refusalOf } from '../../src/operator/status/refusal.ts';
import { statusOf } from '../../src/operator/status/status-of.ts';
import { FACTS, MLMD_STORE, madeOf, NOTHING, registryOf } from './sample.ts';

const NOW = Date.parse('2026-01-01T00:01:00Z');
const SERVER = {
  image: 'mlmd:1',
  resources: { requests: {}, limits: {} },
  mysql: { host: 'db', port: 3306, database: 'm', username: 'u', passwordSecret: { name: 's', key: 'k' } },
} satisfies RegistrySpec['store']['mlmdServer'];

describe('the conditions', () => {
  const registry = registryOf({ store: MLMD_STORE, replicas: 2 });
  const settled = { replicas: 2, updatedReplicas: 2, availableReplicas: 2, observedGeneration: 1 };

  test.each<[string, Seen, readonly string[]]>([
    ['nothing there', NOTHING, ['Available=False NoPodReady', 'Progressing=True Starting', 'Degraded=False Healthy']],
    [
      'all there',
      withStatus(registry, settled),
      ['Available=True PodsReady', 'Progressing=False Settled', 'Degraded=False Healthy'],
    ],
    [
      'half there',
      withStatus(registry, { ...settled, availableReplicas: 1 }),
      ['Available=True PodsReady', 'Progressing=True RollingOut', 'Degraded=False Healthy'],
    ],
    [
      'not seen by its controller yet',
      withStatus(registry, { ...settled, observedGeneration: 0 }),
      ['Available=True PodsReady', 'Progressing=True RollingOut', 'Degraded=False Healthy'],
    ],
    [
      'no pods by a quota',
      withStatus(registry, { conditions: [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded quota: q' }] }),
      ['Available=False NoPodReady', 'Progressing=True RollingOut', 'Degraded=True QuotaExceeded'],
    ],
  ])('%s', (_what, seen, wanted) => {
    const { conditions } = statusOf(registry, seen, { ...FACTS, now: NOW, refused: undefined });
    expect(conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`)).toEqual(wanted);
  });

  test.each<[string, object, string | undefined, string]>([
    ['image', waiting('ErrImagePull', 'not found'), 'ImagePull', 'cannot get the image i:1: not found'],
    ['secret', waiting('CreateContainerConfigError', 'secret "s" not found'), 'SecretMissing', 'secret "s" not found'],
    ['crash', { ...waiting('CrashLoopBackOff', ''), lastState: ended('Error', 1) }, 'CrashLoop', 'exit code 1 (Error)'],
    [
      'database',
      { ...waiting('CrashLoopBackOff', ''), name: 'mlmd' },
      'DatabaseUnreachable',
      'whether db:3306 answers',
    ],
    [
      'memory',
      { ...waiting('CrashLoopBackOff', ''), lastState: ended('OOMKilled', 137) },
      'OutOfMemory',
      'raise resources',
    ],
    ['not ready', running('2026-01-01T00:00:00Z'), 'DatabaseUnreachable', '/readyz says that it cannot serve'],
    ['not ready yet', running('2026-01-01T00:00:50Z'), undefined, 'Nothing is known to be wrong.'],
    ['ready', { ...running('2026-01-01T00:00:00Z'), ready: true }, undefined, 'Nothing is known to be wrong.'],
  ])('of pods: %s', (_what, container, reason, message) => {
    const served = registryOf({ store: { mlmdServer: SERVER } });
    const status = {
      containerStatuses: [{ name: 'gateway', image: 'i:1', ready: false, restartCount: 3, ...container }],
    };
    const pod: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'prod-1' }, status };
    const seen = { owned: withStatus(served, settled).owned, pods: [pod] };
    const { conditions } = statusOf(served, seen, { ...FACTS, now: NOW, refused: undefined });
    const degraded = conditions.find(({ type }) => type === 'Degraded');
    expect(degraded).toMatchObject({ reason: reason ?? 'Healthy', message: expect.stringContaining(message) });
  });

  test.each([
    [422, 'is invalid', 'InvalidSpec'],
    [400, 'bad', 'InvalidSpec'],
    [403, 'exceeded quota: q', 'QuotaExceeded'],
    [403, 'is forbidden', 'Forbidden'],
    [503, 'away', 'ApiUnavailable'],
  ])('of a refusal: %i %s', (status, message, reason) => {
    const [object] = madeOf(registry).owned;
    if (object === undefined) throw new Error('nothing was made');
    expect(refusalOf(object, new KubeError(status, 'X', message))).toEqual({
      reason,
      message: `ServiceAccount shop/prod: ${message}`,
    });
  });

  test('of an AuthConfig that is not ready', () => {
    const guarded = registryOf({ auth: { authorino: { url: 'http://a:1', audience: 'a' } } });
    const tell = (seen: Seen) =>
      statusOf(guarded, seen, { ...FACTS, now: NOW, refused: undefined }).conditions[2]?.reason;
    expect(tell(madeOf(guarded))).toBe('AuthConfigNotReady');
    const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
    const owned = madeOf(guarded).owned.map((each) => (each.kind === 'AuthConfig' ? { ...each, status: ready } : each));
    expect(tell({ owned, pods: [] })).toBe('Healthy');
  });

  test('keep their time while their status stays', () => {
    const at = (seconds: number, before?: ModelRegistry['status']) => {
      const again = before === undefined ? registry : { ...registry, status: before };
      return statusOf(again, NOTHING, { ...FACTS, now: NOW + seconds * 1_000, refused: undefined });
    };
    const first = at(0);
    expect(at(9, first)).toEqual(first);
    expect(at(9).conditions[0]?.lastTransitionTime).toBe('2026-01-01T00:01:09Z');
  });
});

test('Events tell of what changes, and not of what begins', () => {
  const registry = registryOf({ store: MLMD_STORE });
  const status = (seen: Seen, refused?: { reason: string; message: string }) =>
    statusOf(registry, seen, { ...FACTS, now: NOW, refused });
  const [nothing, up] = [
    status(NOTHING),
    status(withStatus(registry, { replicas: 1, updatedReplicas: 1, availableReplicas: 1, observedGeneration: 9 })),
  ];
  const bad = status(NOTHING, { reason: 'InvalidSpec', message: 'no' });
  const reasons = (...pair: Parameters<typeof announcements>) =>
    announcements(...pair).map(({ type, reason }) => `${type} ${reason}`);
  expect(reasons(undefined, nothing)).toEqual([]);
  expect(reasons(undefined, bad)).toEqual(['Warning InvalidSpec']);
  expect(reasons(nothing, up)).toEqual(['Normal PodsReady']);
  expect(reasons(up, up)).toEqual([]);
  expect(reasons(up, bad)).toEqual(['Warning NoPodReady', 'Warning InvalidSpec']);
  expect(reasons(bad, up)).toEqual(['Normal PodsReady', 'Normal Healthy']);
});

function withStatus(registry: ModelRegistry, status: object): Seen {
  const owned = madeOf(registry).owned.map((object) =>
    object.kind === 'Deployment' ? { ...object, metadata: { ...object.metadata, generation: 1 }, status } : object,
  );
  return { owned, pods: [] };
}

function waiting(reason: string, message: string) {
  return { state: { waiting: { reason, message } } };
}

function ended(reason: string, exitCode: number) {
  return { terminated: { reason, exitCode } };
}

function running(startedAt: string) {
  return { state: { running: { startedAt } } };
}
