import { describe, expect, test } from 'vitest';

import type { Value } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { EDGE_STEPS } from './write-steps/edges.ts';
import { EXECUTION_STEPS } from './write-steps/executions.ts';
import { NODE_STEPS } from './write-steps/nodes.ts';
import { plain, values } from './write-steps/step.ts';
import { TYPE_STEPS } from './write-steps/types.ts';
import { openRig } from './writes-rig.ts';

describe('a new file', () => {
  test('has the schema version and the nine base types', async () => {
    await using rig = await openRig();
    expect(rig.rows('SELECT * FROM MLMDEnv')).toEqual([[10n]]);
    const others = 'version, description, input_type, output_type, external_id';
    expect(rig.rows(`SELECT id, name, type_kind, ${others} FROM Type WHERE id < 10`)).toEqual(
      BASE_TYPES.map(([name, kind], index) => [BigInt(index + 1), name, kind, null, null, null, null, null]),
    );
  });
});

describe('values', () => {
  test('are stored exactly', async () => {
    await using rig = await openRig();
    const given: Record<string, Value> = {
      largest: { intValue: 2n ** 63n - 1n },
      smallest: { intValue: -(2n ** 63n) },
      sum: { doubleValue: 0.1 + 0.2 },
      tiny: { doubleValue: 5e-324 },
      text: { stringValue: `'"\`; DROP TABLE Artifact; -- 😀\u2028` },
      empty: { stringValue: '' },
      long: { stringValue: 'é'.repeat(500_000) },
      struct: { structValue: { list: [1.5, null, { deep: true }], text: 'é' } },
      proto: { protoValue: { typeUrl: 'type.googleapis.com/x', value: Buffer.from([0, 255]) } },
      no: { boolValue: false },
    };
    await rig.store.putArtifacts({ artifacts: [{ ...plain, typeId: rig.typeId, customProperties: values(given) }] });
    const { artifacts } = await rig.store.getArtifactsById({ artifactIds: [1n] });
    expect(Object.fromEntries(artifacts[0]?.customProperties ?? [])).toEqual(given);
    expect(rig.rows("SELECT double_value FROM ArtifactProperty WHERE name = 'sum'")).toEqual([[0.1 + 0.2]]);
  });

  test.each([
    ['a value that is none', {}],
    ['NaN', { doubleValue: Number.NaN }],
    ['infinity', { doubleValue: -Infinity }],
    ['U+0000', { stringValue: 'a\0' }],
    ['half of a surrogate pair', { stringValue: '\ud83d' }],
    ['half of a surrogate pair in a struct', { structValue: { a: ['\ude00'] } }],
    ['NaN in a struct', { structValue: { a: [Number.NaN] } }],
    ['text that MLMD takes for a struct', { stringValue: 'mlmd-struct::' }],
    ['an integer of more than 64 bits', { intValue: 2n ** 63n }],
    ['a message without a type', { protoValue: { typeUrl: '', value: Buffer.from([1]) } }],
  ] satisfies [string, Value][])('refused: %s', async (_, value) => {
    await using rig = await openRig();
    const customProperties = values({ guilty: value });
    const put = rig.store.putArtifacts({ artifacts: [{ ...plain, typeId: rig.typeId, customProperties }] });
    await expect(put).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('guilty') });
    expect(rig.rows('SELECT * FROM Artifact')).toEqual([]);
  });

  test.each([
    ['name', { name: '\0' }],
    ['uri', { uri: '\ud800' }],
    ['external_id', { externalId: 'a\0b' }],
  ])('refused: unstorable text in the field %s', async (field, given) => {
    await using rig = await openRig();
    const put = rig.store.putArtifacts({ artifacts: [{ ...plain, ...given, typeId: rig.typeId }] });
    await expect(put).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(field) });
  });
});

describe('an RPC', () => {
  test('that fails leaves nothing behind', async () => {
    await using rig = await openRig();
    const twins = [1, 2].map(() => ({ ...plain, typeId: rig.typeId, name: 'twin' }));
    const put = rig.store.putExecution({
      execution: { ...plain, typeId: rig.executionTypeId },
      artifactEventPairs: [{ artifact: { ...plain, typeId: rig.typeId } }],
      contexts: twins.map((twin) => ({ ...twin, typeId: rig.contextTypeId })),
    });
    await expect(put).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    for (const table of ['Artifact', 'Execution', 'Context', 'Association']) {
      expect(rig.rows(`SELECT * FROM ${table}`)).toEqual([]);
    }
  });

  test('tells the caller nothing of SQL or type ids', async () => {
    await using rig = await openRig();
    const messages: string[] = [];
    for (const step of [...TYPE_STEPS, ...NODE_STEPS, ...EDGE_STEPS, ...EXECUTION_STEPS]) {
      const error = await step(rig.store).catch((cause: unknown) => cause);
      if (error instanceof Error) messages.push(error.message);
    }
    expect(messages.length).toBeGreaterThan(40);
    for (const message of messages) expect(message).not.toMatch(/SQL|UNIQUE|INSERT|type_id: |constraint/i);
  });

  test('looks up all that it names in one statement per table', async () => {
    await using rig = await openRig();
    const { store, database, typeId, executionTypeId, contextTypeId } = rig;
    const statements = async (call: () => Promise<object>) => {
      const before = database.statements();
      await call();
      return database.statements() - before;
    };
    const hundred = Array.from({ length: 100 }, (_, index) => BigInt(index + 1));
    const nodes = hundred.map((id) => ({ ...plain, typeId, name: `${id}` }));
    expect(await statements(() => store.putArtifacts({ artifacts: nodes }))).toBe(1 + 100);
    const updates = hundred.map((id) => ({ ...plain, id }));
    // The nodes, their properties and the types first.
    expect(await statements(() => store.putArtifacts({ artifacts: updates }))).toBe(3 + 100);
    await store.putExecutions({ executions: [{ ...plain, typeId: executionTypeId }] });
    await store.putContexts({ contexts: [{ ...plain, typeId: contextTypeId, name: 'c' }] });
    const events = hundred.map((artifactId) => ({ artifactId, executionId: 1n, type: 3 as const }));
    expect(await statements(() => store.putEvents({ events }))).toBe(2 + 100);
    const attributions = hundred.map((artifactId) => ({ artifactId, contextId: 1n }));
    expect(await statements(() => store.putAttributionsAndAssociations({ attributions, associations: [] }))).toBe(
      2 + 1,
    );
  });

  test('with other values beside equal names touches only what it names', async () => {
    await using rig = await openRig();
    const properties = values({ n: { intValue: 1n } });
    const customProperties = values({ n: { stringValue: 'custom' } });
    await rig.store.putArtifacts({ artifacts: [{ typeId: rig.typeId, properties, customProperties }] });
    await rig.store.putArtifacts({ artifacts: [{ ...plain, id: 1n, customProperties }] });
    const rows = rig.rows('SELECT name, is_custom_property, int_value, string_value FROM ArtifactProperty');
    expect(rows).toEqual([['n', 1n, null, 'custom']]);
  });
});

const BASE_TYPES = [
  ...['mlmd.Dataset', 'mlmd.Model', 'mlmd.Metrics', 'mlmd.Statistics'].map((name) => [name, 1n]),
  ...['mlmd.Train', 'mlmd.Transform', 'mlmd.Process', 'mlmd.Evaluate', 'mlmd.Deploy'].map((name) => [name, 0n]),
];
