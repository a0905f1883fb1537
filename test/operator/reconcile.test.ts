import { describe, expect, test } from 'vitest';

import { differs } from '../../src/operator/differs.ts';
import { type KubeObject, nameOf } from '../../src/operator/kube/kube-object.ts';
import { type Action, FINALIZER, reconcile } from '../../src/operator/reconcile.ts';
import { FACTS, MLMD_STORE, madeOf, NOTHING, registryOf } from './sample.ts';

const READY = { finalizers: [FINALIZER] };

describe('what has to be done', () => {
  test('of nothing, everything, in an order in which each finds what it needs', () => {
    expect(told(reconcile(registryOf(), NOTHING, FACTS))).toEqual([
      `finalizers ${FINALIZER}`,
      'create ServiceAccount shop/prod',
      'create ClusterRoleBinding modelgraph:shop:prod',
      'create Role shop/registry-user-prod',
      'create Role shop/registry-editor-prod',
      'create PersistentVolumeClaim shop/prod',
      'create NetworkPolicy shop/prod',
      'create PodDisruptionBudget shop/prod',
      'create Service shop/prod',
      'create Deployment shop/prod',
    ]);
  });

  test('when all is there, nothing', () => {
    const registry = registryOf({}, READY);
    expect(reconcile(registry, madeOf(registry), FACTS)).toEqual([]);
  });

  test('when it is there with what the API server and others added, nothing', () => {
    const registry = registryOf({}, READY);
    const owned = madeOf(registry).owned.map((object) => ({
      ...object,
      status: { phase: 'Bound' },
      metadata: { ...object.metadata, resourceVersion: '7', labels: { ...object.metadata.labels, team: 'a' } },
    }));
    expect(reconcile(registry, { owned, pods: [] }, FACTS)).toEqual([]);
  });

  test.each([
    ['another image', registryOf({ image: 'modelgraph:2' }, READY), ['update Deployment shop/prod']],
    [
      'another store',
      registryOf({ store: MLMD_STORE }, READY),
      ['update NetworkPolicy shop/prod', 'update Deployment shop/prod'],
    ],
    [
      'an Ingress',
      registryOf({ exposure: { service: { type: 'ClusterIP' }, ingress: { host: 'a.example.com' } } }, READY),
      ['create Ingress shop/prod'],
    ],
    [
      'its volume to go with it',
      registryOf({ deletionPolicy: 'Delete' }, READY),
      ['update PersistentVolumeClaim shop/prod'],
    ],
  ])('for %s, what differs', (_what, registry, wanted) => {
    expect(told(reconcile(registry, madeOf(registryOf()), FACTS))).toEqual(wanted);
  });

  test('deletes what is not wanted any more, but no volume', () => {
    const jwt = { issuer: 'https://issuer.example.com', audience: 'a', roles: 'r' };
    const registry = registryOf({ store: MLMD_STORE, auth: { jwt } }, READY);
    const actions = told(reconcile(registry, madeOf(registryOf()), FACTS));
    expect(actions.filter((each) => each.startsWith('delete'))).toEqual([
      'delete ClusterRoleBinding modelgraph:shop:prod',
      'delete Role shop/registry-user-prod',
      'delete Role shop/registry-editor-prod',
    ]);
  });

  test('mends what others changed, and waits for what goes away', () => {
    const registry = registryOf({}, READY);
    const change = (kind: string, part: object) => ({
      pods: [],
      owned: madeOf(registry).owned.map((object) => (object.kind === kind ? { ...object, ...part } : object)),
    });
    const mended = change('Service', { spec: { type: 'NodePort' } });
    expect(told(reconcile(registry, mended, FACTS))).toEqual(['mend Service shop/prod']);
    const going = change('Service', {
      spec: {},
      metadata: { name: 'prod', namespace: 'shop', deletionTimestamp: 'now' },
    });
    expect(reconcile(registry, going, FACTS)).toEqual([]);
  });

  test('waits for what went with an earlier registry of the name', () => {
    const registry = registryOf({
      store: MLMD_STORE,
      auth: { jwt: { issuer: 'https://i', audience: 'a', roles: 'r' } },
    });
    const earlier = registryOf(registry.spec, { uid: 'u-0' });
    expect(reconcile(registry, madeOf(earlier), FACTS)).toEqual([]);
  });

  test('leaves out kinds that the cluster does not have', () => {
    const registry = registryOf({ auth: { authorino: { url: 'http://a:1', audience: 'modelgraph' } } });
    const names = (kinds: string[]) => told(reconcile(registry, NOTHING, { ...FACTS, optionalKinds: new Set(kinds) }));
    expect(names(['AuthConfig'])).toContain('create AuthConfig shop/prod');
    expect(names([])).not.toContain('create AuthConfig shop/prod');
  });

  test('at the end, takes away what no owner reference reaches, then lets go', () => {
    const ending = registryOf({}, { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['theirs', FINALIZER] });
    const seen = madeOf(registryOf());
    expect(told(reconcile(ending, seen, FACTS))).toEqual(['delete ClusterRoleBinding modelgraph:shop:prod']);
    expect(told(reconcile(ending, NOTHING, FACTS))).toEqual(['finalizers theirs']);
  });
});

describe('a difference', () => {
  test.each<[string, unknown, unknown, boolean]>([
    ['none', { a: 1 }, { a: 1 }, false],
    ['a field of others', { a: 1 }, { a: 1, b: 2 }, false],
    ['another value', { a: 1 }, { a: 2 }, true],
    ['a field that is missing', { a: 1 }, {}, true],
    ['an empty object that the server leaves out', { a: {} }, {}, false],
    ['an empty list that the server leaves out', { a: [] }, {}, false],
    ['one more in a list that counts as a whole', { subjects: ['a'] }, { subjects: ['a', 'b'] }, true],
    ['another order in a list that counts as a whole', { args: ['a', 'b'] }, { args: ['b', 'a'] }, true],
    ['a container of others', { containers: [{ name: 'a' }] }, { containers: [{ name: 'b' }, { name: 'a' }] }, false],
    [
      'a changed container',
      { containers: [{ name: 'a', image: '1' }] },
      { containers: [{ name: 'a', image: '2' }] },
      true,
    ],
    ['ports without a name', { ports: [{ port: 1 }] }, { ports: [{ port: 1 }, { port: 2 }] }, true],
  ])('%s', (_what, wanted, seen, expected) => {
    expect(differs(withSpec(wanted), withSpec(seen))).toBe(expected);
  });
});

function withSpec(spec: unknown): KubeObject {
  return { apiVersion: 'v1', kind: 'Any', metadata: { name: 'a' }, spec };
}

/** The actions in a line each. */
function told(actions: readonly Action[]): string[] {
  return actions.map((action) => {
    if (action.type === 'finalizers') return `finalizers ${action.finalizers}`;
    return `${action.type === 'apply' ? action.why : 'delete'} ${nameOf(action.object)}`;
  });
}
