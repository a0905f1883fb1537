import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { OPEN_POLICY } from '../../src/auth/open-policy.ts';
import { REGISTRY_TYPES } from '../../src/domain/registry-types.ts';
import { RegistryError } from '../../src/errors.ts';
import {
  ArtifactType_SystemDefinedBaseType,
  PropertyType,
} from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { createLog } from '../../src/observe.ts';
import { startGateway } from '../../src/server.ts';
import { openHarness } from '../harness.ts';
import { addressOf, start } from '../process.ts';
import { requireReference, sharedFile } from '../reference/require.ts';
import { KINDS, openRegistry, send, toRegistry } from './rig.ts';

/** The name of a number in an enum. */
function nameOf(number: PropertyType): string | undefined {
  return Object.entries(PropertyType).find(([, value]) => value === number)?.[0];
}

const OURS = Object.fromEntries(
  (['artifact', 'execution', 'context'] as const).flatMap((node) =>
    REGISTRY_TYPES[`${node}Types`].map(({ name, properties }) => [
      name,
      {
        type_kind: node.toUpperCase(),
        properties: Object.fromEntries(Array.from(properties, ([property, type]) => [property, nameOf(type)])),
      },
    ]),
  ),
);

test.skipIf(requireReference())('the types are those of the wire contract', () => {
  expect(OURS).toEqual(JSON.parse(readFileSync(sharedFile('contracts/kf-types.json'), 'utf8')));
});

/** The types of a store that are the registry's, with their properties. */
async function typesIn(store: MetadataStore) {
  const { artifactTypes } = await store.getArtifactTypes({});
  const { executionTypes } = await store.getExecutionTypes({});
  const { contextTypes } = await store.getContextTypes({});
  return [...artifactTypes, ...executionTypes, ...contextTypes]
    .filter(({ name = '' }) => name.startsWith('kf.'))
    .map(({ id, name, properties }) => ({ id, name, properties: [...properties.keys()].sort() }));
}

describe.each(KINDS)('on the %s store', (kind) => {
  test('they come with the first write that is made, not by looking, and not by a write that is refused', async () => {
    await using registry = await openRegistry(kind);
    await registry.harness.query('{ contexts { nodes { name } } }');
    expect(await registry.refused('createModelVersion', { registeredModelId: '5', name: 'v' })).toHaveLength(1);
    expect(await registry.refused('createExperiment', { name: '' })).toHaveLength(1);
    expect(await typesIn(registry.store)).toEqual([]);
    await registry.do('createExperiment', { name: 'e' });
    const types = await typesIn(registry.store);
    expect(types.map(({ name }) => name).sort()).toEqual(Object.keys(OURS).sort());
    registry.harness.calls.splice(0);
    await registry.do('createExperiment', { name: 'f' });
    expect(registry.harness.calls).not.toContain('PutTypes(6)');
    expect(await typesIn(registry.store)).toEqual(types);
  });

  test('those that have more properties are used as they are, and those that have fewer get the rest', async () => {
    const fill = async (store: MetadataStore) => {
      const { STRING, INT } = PropertyType;
      const types = [
        {
          name: 'kf.RegisteredModel',
          properties: new Map([
            ['description', STRING],
            ['more', INT],
          ]),
        },
        { name: 'kf.Experiment', properties: new Map([['state', STRING]]) },
      ];
      const dataset = ArtifactType_SystemDefinedBaseType.DATASET;
      const artifactTypes = [{ name: 'kf.DataSet', baseType: dataset, properties: new Map([['digest', STRING]]) }];
      await store.putTypes({ contextTypes: types, artifactTypes, executionTypes: [] });
    };
    await using harness = await openHarness({ kind, fill });
    const registry = toRegistry(harness);
    const before = await typesIn(harness.store);
    await registry.do('createRegisteredModel', { name: 'm', tasks: ['t'] });
    const after = await typesIn(harness.store);
    expect(after).toHaveLength(13);
    for (const { name, id } of before) expect(after.find((type) => type.name === name)?.id).toBe(id);
    const model = after.find(({ name }) => name === 'kf.RegisteredModel');
    expect(model?.properties).toEqual([...Object.keys(OURS['kf.RegisteredModel']?.properties ?? {}), 'more'].sort());
  });

  test('several gateways may make them at once', async () => {
    await using first = await openHarness({ kind });
    const options = {
      host: '127.0.0.1',
      port: 0,
      loopback: true,
      policy: OPEN_POLICY,
      timeoutMs: 30_000,
      log: createLog('silent'),
    };
    const gateways = await Promise.all(
      // Each knows the store by an object of its own, as another process would.
      [1, 2, 3, 4].map(() => startGateway({ ...options, store: { ...first.store } })),
    );
    try {
      await Promise.all(
        gateways.map(({ url }, index) =>
          toRegistry({ url, store: first.store }).do('createExperiment', { name: `e${index}` }),
        ),
      );
    } finally {
      await Promise.all(gateways.map((gateway) => gateway.close()));
    }
    expect(await typesIn(first.store)).toHaveLength(13);
  });
});

test('they are made again where the transaction that made them was lost', async () => {
  await using harness = await openHarness();
  const { atomically } = harness.store;
  let lost = 0;
  const store: MetadataStore = {
    ...harness.store,
    // As where the disk is full at the commit.
    ...(atomically && {
      atomically: (work, call) =>
        atomically(async (...given) => {
          const done = await work(...given);
          if (lost === 0) {
            lost += 1;
            throw new RegistryError('UNAVAILABLE', 'The disk that holds the store is full.');
          }
          return done;
        }, call),
    }),
  };
  const options = {
    host: '127.0.0.1',
    port: 0,
    loopback: true,
    policy: OPEN_POLICY,
    timeoutMs: 30_000,
    log: createLog('silent'),
  };
  const gateway = await startGateway({ ...options, store });
  try {
    const { errors } = await send(gateway.url, 'createExperiment', { name: 'e' });
    expect(errors).toHaveLength(1);
    expect(await typesIn(store)).toEqual([]);
    await toRegistry({ url: gateway.url, store }).do('createExperiment', { name: 'e' });
    expect(await typesIn(store)).toHaveLength(13);
  } finally {
    await gateway.close();
  }
});

test('two processes on one file make them once', async () => {
  await using first = await openHarness();
  await using process = start(['serve', '--db', first.file, '--port', '0']);
  const second = toRegistry({ url: await addressOf(process), store: first.store });
  await Promise.all([
    toRegistry(first).do('createExperiment', { name: 'a' }),
    second.do('createExperiment', { name: 'b' }),
  ]);
  expect(await typesIn(first.store)).toHaveLength(13);
});
