import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';

import type { Value } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { startEnginePipe } from '../reference/engine-pipe.ts';
import { requireReference } from '../reference/require.ts';
import { none, plain, values } from './write-steps/step.ts';
import { openRig } from './writes-rig.ts';

const missing = requireReference();

/** Text that SQL, JSON, shells, or careless code take for something else. */
const TEXTS = [
  `O'Hara`,
  `"quoted" \`ticked\` [bracketed]`,
  `'; DROP TABLE Artifact; --`,
  '%_\\ \\0 \\u0000',
  '😀👩‍👩‍👧 é e\u0301 \u202e',
  '\u2028\u2029\ufeff\uffff',
  ' leading and trailing \t\n\r',
  '__proto__',
  'NULL',
  '1e400',
  'é'.repeat(500_000),
];

describe('text', () => {
  test.each(TEXTS.map((text) => [text.slice(0, 30), text] as const))(
    '%s is text wherever it stands',
    async (_, text) => {
      await using rig = await openRig();
      const { store, typeId, executionTypeId, contextTypeId } = rig;
      const customProperties = values({ [text]: { stringValue: text } });
      const node = { name: text, externalId: text, customProperties, properties: none };
      await store.putArtifacts({
        artifacts: [{ ...node, typeId, uri: text, properties: values({ s: { stringValue: text } }) }],
      });
      await store.putExecutions({ executions: [{ ...node, typeId: executionTypeId }] });
      await store.putContexts({ contexts: [{ ...node, typeId: contextTypeId }] });
      await store.putArtifactType({
        artifactType: { name: text, description: text, version: text, properties: new Map([[text, 1]]) },
      });
      await store.putEvents({
        events: [{ artifactId: 1n, executionId: 1n, type: 3, path: { steps: [{ key: text }] } }],
      });

      const { artifacts } = await store.getArtifactsByUri({ uris: [text] });
      expect(artifacts).toMatchObject([{ ...node, uri: text, properties: values({ s: { stringValue: text } }) }]);
      expect((await store.getExecutionsByExternalIds({ externalIds: [text] })).executions).toMatchObject([node]);
      expect((await store.getContextByTypeAndName({ typeName: 'C', contextName: text })).context).toMatchObject(node);
      const { artifactType } = await store.getArtifactType({ typeName: text, typeVersion: text });
      expect(artifactType).toMatchObject({ name: text, description: text, properties: new Map([[text, 1]]) });
      const { events } = await store.getEventsByExecutionIDs({ executionIds: [1n] });
      expect(events[0]?.path).toEqual({ steps: [{ key: text }] });
    },
  );
});

describe('values', () => {
  test.each<[string, Value]>([
    ['the largest int64', { intValue: 2n ** 63n - 1n }],
    ['the smallest int64', { intValue: -(2n ** 63n) }],
    ['an integer beyond doubles', { intValue: 2n ** 53n + 1n }],
    ['a sum that 15 digits do not tell', { doubleValue: 0.1 + 0.2 }],
    ['the largest double', { doubleValue: Number.MAX_VALUE }],
    ['the smallest double', { doubleValue: 5e-324 }],
    ['a whole double', { doubleValue: 3 }],
    ['no text', { stringValue: '' }],
    ['all bytes', { protoValue: { typeUrl: 'type.googleapis.com/x', value: Buffer.from([...Array(256).keys()]) } }],
    ['an empty message', { protoValue: { typeUrl: 'type.googleapis.com/x', value: undefined } }],
    ['an empty struct', { structValue: {} }],
    ['a struct', { structValue: { a: [1.5, null, true, 'é', [], { b: {} }], '': 0.1 + 0.2 } }],
    ['a struct with the key __proto__', { structValue: JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}') }],
    ['false', { boolValue: false }],
  ])('exactly: %s', async (_, value) => {
    await using rig = await openRig();
    const given = values({ value });
    await rig.store.putArtifacts({ artifacts: [{ ...plain, typeId: rig.typeId, customProperties: given }] });
    const { artifacts } = await rig.store.getArtifactsById({ artifactIds: [1n] });
    const read = artifacts[0]?.customProperties.get('value');
    expect(read).toEqual(value);
    expect(JSON.stringify(read?.structValue)).toBe(JSON.stringify(value.structValue));
  });
});

test('a negative zero is read as 0', async () => {
  await using rig = await openRig();
  const customProperties = values({ value: { doubleValue: -0 } });
  await rig.store.putArtifacts({ artifacts: [{ ...plain, typeId: rig.typeId, customProperties }] });
  const { artifacts } = await rig.store.getArtifactsById({ artifactIds: [1n] });
  expect(artifacts[0]?.customProperties.get('value')).toEqual({ doubleValue: 0 });
});

describe('times and places of events', () => {
  test.each([2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, 0n])('exactly: %i', async (number) => {
    await using rig = await openRig();
    const { store, typeId, executionTypeId } = rig;
    await store.putArtifacts({ artifacts: [{ ...plain, typeId }] });
    await store.putExecutions({ executions: [{ ...plain, typeId: executionTypeId }] });
    const path = { steps: [{ index: number }, { key: '9007199254740993' }] };
    const event = { artifactId: 1n, executionId: 1n, type: 3 as const, millisecondsSinceEpoch: number, path };
    await store.putEvents({ events: [event] });
    expect((await store.getEventsByArtifactIDs({ artifactIds: [1n] })).events).toEqual([event]);
    const lineageSubgraphQueryOptions = { startingArtifacts: { filterQuery: 'id = 1' } };
    const { lineageSubgraph } = await store.getLineageSubgraph({ lineageSubgraphQueryOptions });
    expect(lineageSubgraph?.events).toEqual([event]);
  });
});

describe('deep structs', () => {
  const nested = (depth: number) => {
    let struct: Record<string, unknown> = {};
    for (let level = 1; level < depth; level += 1) struct = { deeper: struct };
    return { artifacts: [{ ...plain, typeId: 10n, customProperties: values({ struct: { structValue: struct } }) }] };
  };

  test('are stored as deep as a message may be, and refused beyond', async () => {
    await using rig = await openRig();
    await rig.store.putArtifacts(nested(32));
    expect((await rig.store.getArtifactsById({ artifactIds: [1n] })).artifacts).toMatchObject(nested(32).artifacts);
    await expect(rig.store.putArtifacts(nested(33))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const list = {
      customProperties: values({
        struct: { structValue: { list: [[[JSON.parse(`${'['.repeat(60)}${']'.repeat(60)}`)]]] } },
      }),
    };
    await expect(rig.store.putArtifacts({ artifacts: [{ ...plain, typeId: 10n, ...list }] })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  test.skipIf(missing)(`are as deep as the C++ engine reads them ${missing ?? ''}`, async () => {
    await using rig = await openRig();
    await rig.store.putArtifacts(nested(32));
    await rig.store.close();
    await using engine = await startEnginePipe();
    await engine.open(rig.file);
    const reply = await engine.call('getArtifactsById', { artifactIds: [1n] });
    expect(reply).toMatchObject({ code: 0, answer: { artifacts: nested(32).artifacts } });
  });
});

describe('a damaged row', () => {
  test.each([
    ['a struct that is no base64', 'string_value', 'mlmd-struct::%%%'],
    ['a struct cut off', 'string_value', 'mlmd-struct::CgkKAWESBBE'],
    ['a struct of other bytes', 'string_value', 'mlmd-struct:://///w=='],
    ['a message that is no base64', 'proto_value', 'not base64!'],
    ['a message of other bytes', 'proto_value', '/////w=='],
    ['no value at all', 'int_value', null],
  ])('%s is DATA_LOSS, and tells no more', async (_, column, value) => {
    await using rig = await openRig();
    await rig.store.putArtifacts({ artifacts: [{ ...plain, typeId: rig.typeId, name: 'damaged' }] });
    const other = new DatabaseSync(rig.file);
    other
      .prepare(`INSERT INTO ArtifactProperty (artifact_id, name, is_custom_property, ${column}) VALUES (1, 'p', 1, ?)`)
      .run(value);
    other.close();
    const read = rig.store.getArtifactsById({ artifactIds: [1n] });
    await expect(read).rejects.toMatchObject({
      code: 'DATA_LOSS',
      message: expect.not.stringMatching(/SQL|base64|wire/),
    });
    // The rest of the store is as readable as before, and the node itself without its properties.
    expect((await rig.store.getArtifactTypes({})).artifactTypes).toHaveLength(1);
    const bare = await rig.store.getArtifactsById({ artifactIds: [1n] }, { read: { properties: [] } });
    expect(bare.artifacts).toMatchObject([{ name: 'damaged' }]);
  });

  test('a name that is a blob keeps nothing else from being read', async () => {
    await using rig = await openRig();
    const customProperties = values({ double: { doubleValue: 0.1 + 0.2 }, int: { intValue: 2n ** 63n - 1n } });
    await rig.store.putArtifacts({ artifacts: [{ ...plain, typeId: rig.typeId, customProperties }] });
    using other = new DatabaseSync(rig.file);
    other.exec(
      "INSERT INTO ArtifactProperty (artifact_id, name, is_custom_property, int_value) VALUES (1, x'70', 1, 1)",
    );
    const { artifacts } = await rig.store.getArtifactsById({ artifactIds: [1n] });
    expect(Object.fromEntries(artifacts[0]?.customProperties ?? [])).toMatchObject(
      Object.fromEntries(customProperties),
    );
  });
});
