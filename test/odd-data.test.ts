import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openStore } from '../src/mlmd/open.ts';
import { putChain } from './fill.ts';
import { type Harness, openHarness, STORE_KINDS } from './harness.ts';
import { requireReference } from './reference/require.ts';

/** What other programs, and older ones, can have left in a file. */
const ODDITIES = `
  INSERT INTO ArtifactProperty (artifact_id, name, is_custom_property, double_value) VALUES
    (1, 'infinite', 1, 9e999), (1, 'minus infinite', 1, -9e999), (1, 'tiny', 1, 1e-300), (1, 'plain', 1, 0.125);
  INSERT INTO ArtifactProperty (artifact_id, name, is_custom_property, int_value) VALUES
    (1, 'greatest', 1, 9223372036854775807), (1, 'least', 0, -9223372036854775808), (1, '__proto__', 1, 5);
  INSERT INTO ArtifactProperty (artifact_id, name, is_custom_property, string_value) VALUES
    (1, 'text', 0, '🦊 "quoted" \\ '' <b>'), (1, 'empty', 0, ''), (1, 'struct', 1, 'mlmd-struct::CgcKAXoSAiAB');
  INSERT INTO ArtifactProperty (artifact_id, name, is_custom_property, proto_value) VALUES
    (1, 'message', 1, 'Cip0eXBlLmdvb2dsZWFwaXMuY29tL2dvb2dsZS5wcm90b2J1Zi5TdHJ1Y3QSBwoFCgF6EgA=');
  INSERT INTO ArtifactProperty (artifact_id, name, is_custom_property, bool_value) VALUES (1, 'yes', 1, 1), (1, 'no', 1, 0);
  UPDATE Artifact SET name = 'named', external_id = 'ext-1', state = 6 WHERE id = 1;
  UPDATE Event SET milliseconds_since_epoch = id;
`;

/** What only the embedded store is asked: the engine fails on them, or leaves them out. */
const BEYOND_THE_ENGINE = `
  UPDATE Artifact SET state = 99, last_update_time_since_epoch = 9223372036854775807 WHERE id = 2;
  UPDATE Execution SET last_known_state = 99 WHERE id = 2;
  INSERT INTO Event (artifact_id, execution_id, type, milliseconds_since_epoch) VALUES (2, 2, 99, 5), (2, 777, 4, NULL);
  INSERT INTO Attribution (context_id, artifact_id) VALUES (777, 2);
`;

const QUERY = `{
  artifact(databaseId: "1") {
    name externalId state propertyMap customPropertyMap
    properties { name type text intValue doubleValue stringValue boolValue structValue protoValue { typeUrl value } }
    customProperties { name type text intValue doubleValue stringValue boolValue structValue protoValue { typeUrl value } }
    one: customProperties(names: ["__proto__", "no such"]) { name text }
    events { nodes { type time path { key } } }
  }
}`;

async function prepare(file: string, sql: string): Promise<void> {
  const { store } = await openStore({ db: file });
  await putChain(store, 3);
  await store.close();
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

describe('odd data', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelgraph-test-'));
    await prepare(join(folder, 'odd.sqlite'), ODDITIES);
    await prepare(join(folder, 'odder.sqlite'), ODDITIES + BEYOND_THE_ENGINE);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const open = (kind: 'embedded' | 'remote', name: string): Promise<Harness> =>
    openHarness({ kind, file: join(folder, name) });

  describe.each(STORE_KINDS)('%s store', (kind) => {
    const missing = kind === 'remote' ? requireReference() : undefined;

    test.skipIf(missing)('shows every kind of value exactly, and infinities as text', async () => {
      await using harness = await open(kind, 'odd.sqlite');
      const { data, errors } = await harness.query(QUERY);
      expect(errors).toBeUndefined();
      await expect(`${JSON.stringify(data, null, 1)}\n`).toMatchFileSnapshot('query/odd-data.json');
    });
  });

  test('unknown numbers, times beyond calendars and edges to nowhere do not spoil an answer', async () => {
    await using harness = await open('embedded', 'odder.sqlite');
    const { data, errors } = await harness.query(`{
      artifact(databaseId: "2") {
        state lastUpdateTime
        events { totalCount nodes { type time artifact { databaseId } execution { databaseId state } } }
        producedBy { nodes { databaseId } edges { node { databaseId } } }
        contexts { nodes { databaseId } }
      }
    }`);
    expect(errors).toBeUndefined();
    expect(data.artifact).toMatchObject({
      state: 'UNKNOWN',
      lastUpdateTime: null,
      events: {
        totalCount: 4,
        nodes: expect.arrayContaining([
          {
            type: 'UNKNOWN',
            time: '1970-01-01T00:00:00.005Z',
            artifact: { databaseId: '2' },
            execution: { databaseId: '2', state: 'UNKNOWN' },
          },
          { type: 'OUTPUT', time: null, artifact: { databaseId: '2' }, execution: null },
        ]),
      },
      producedBy: { nodes: [null, { databaseId: '2' }], edges: [{ node: null }, { node: { databaseId: '2' } }] },
      contexts: { nodes: [{ databaseId: '1' }, null] },
    });
  });
});
