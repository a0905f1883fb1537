import { chmodSync, copyFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openFile } from '../../src/mlmd/embedded/open.ts';
import type { Transaction } from '../../src/mlmd/embedded/transaction.ts';
import { openStore } from '../../src/mlmd/open.ts';
import { connectRemoteStore } from '../../src/mlmd/remote/client.ts';
import { startEngine } from '../reference/engine.ts';
import { startEnginePipe } from '../reference/engine-pipe.ts';
import { requireReference, tfxImdb } from '../reference/require.ts';
import { copyWritable, makeStore, openFolder, putContexts, rowsOf } from '../store-file-rig.ts';

const missing = requireReference();
const shared = openFolder();
const sound = shared.file('sound.db');
beforeAll(() => makeStore(sound));
afterAll(() => shared[Symbol.dispose]());

const OUR_INDEXES = [
  ['modelgraph_artifact_create_time', 'Artifact'],
  ['modelgraph_artifact_last_update_time', 'Artifact'],
  ['modelgraph_artifact_type', 'Artifact'],
  ['modelgraph_association_execution', 'Association'],
  ['modelgraph_attribution_artifact', 'Attribution'],
  ['modelgraph_context_create_time', 'Context'],
  ['modelgraph_context_last_update_time', 'Context'],
  ['modelgraph_context_type', 'Context'],
  ['modelgraph_execution_create_time', 'Execution'],
  ['modelgraph_execution_last_update_time', 'Execution'],
  ['modelgraph_execution_type', 'Execution'],
  ['modelgraph_parent_context_child', 'ParentContext'],
];
const journalMode = (file: string) => rowsOf(file, 'PRAGMA journal_mode')[0]?.[0];
const ourIndexes = (file: string) =>
  rowsOf(file, "SELECT name, tbl_name FROM sqlite_master WHERE name LIKE 'modelgraph%' ORDER BY name");
const count = (file: string, name: string) =>
  Number(rowsOf(file, `SELECT count(*) FROM Context WHERE name = '${name}'`)[0]?.[0]);

describe('the first write', () => {
  test('turns on WAL and adds our indexes; opening, reading and a failed write do not', async () => {
    using folder = openFolder();
    const file = copyWritable(sound, folder.file('some.db'));
    const before = folder.content();
    const reader = await openStore({ db: file });
    await reader.store.getContexts({});
    await reader.store.close();
    expect(folder.content()).toEqual(before);

    const { database } = await openFile(file);
    await expect(database.write(failAfterUpdate)).rejects.toThrow('no more');
    await database.close();
    expect({ indexes: ourIndexes(file), half: count(file, 'half') }).toEqual({ indexes: [], half: 0 });

    const writer = await openStore({ db: file });
    await putContexts(writer.store, 'new');
    await writer.store.close();
    expect({ mode: journalMode(file), indexes: ourIndexes(file), new: count(file, 'new') }).toEqual({
      mode: 'wal',
      indexes: OUR_INDEXES,
      new: 1,
    });
    expect(readdirSync(folder.path)).toEqual(['some.db']);
  });

  test('after one that failed adds them too, in the same store', async () => {
    using folder = openFolder();
    const file = copyWritable(sound, folder.file('some.db'));
    const { database } = await openFile(file);
    await expect(database.write(failAfterUpdate)).rejects.toThrow('no more');
    await database.write(async () => undefined);
    const statements = database.statements();
    await database.write(async () => undefined);
    expect(database.statements()).toBe(statements); // once is enough
    await database.close();
    expect({ indexes: ourIndexes(file), half: count(file, 'half') }).toEqual({ indexes: OUR_INDEXES, half: 0 });
  });

  test('to a read-only file answers READ_ONLY', async () => {
    using folder = openFolder();
    copyFileSync(sound, folder.file('some.db'));
    chmodSync(folder.file('some.db'), 0o444);
    const before = folder.content();
    const { store, description } = await openStore({ db: folder.file('some.db') });
    await expect(putContexts(store, 'new')).rejects.toMatchObject({ code: 'READ_ONLY' });
    await store.close();
    expect(description).toMatch(/^opened read-only /);
    expect(folder.content()).toEqual(before);
  });
});

describe('our indexes', () => {
  test('are in a new file, and lead from a node to its contexts and through a type by id', async () => {
    using folder = openFolder();
    const file = folder.file('new.db');
    await (await openStore({ db: file })).store.close();
    expect(ourIndexes(file)).toEqual(OUR_INDEXES);
    const plan = (sql: string) => rowsOf(file, `EXPLAIN QUERY PLAN ${sql}`).map((row) => row[3]);
    expect(plan('SELECT context_id FROM Attribution WHERE artifact_id IN (1, 2)')).toEqual([
      expect.stringContaining('USING INDEX modelgraph_attribution_artifact'),
    ]);
    expect(plan('SELECT context_id FROM Association WHERE execution_id IN (1, 2)')).toEqual([
      expect.stringContaining('USING INDEX modelgraph_association_execution'),
    ]);
    expect(
      plan('SELECT context_id FROM ParentContext WHERE parent_context_id = 1 ORDER BY context_id LIMIT 5'),
    ).toEqual([expect.stringContaining('USING COVERING INDEX modelgraph_parent_context_child')]);
    for (const table of ['Artifact', 'Execution', 'Context']) {
      expect(plan(`SELECT * FROM ${table} WHERE type_id = 10 ORDER BY id LIMIT 20`)).toEqual([
        expect.stringContaining(`USING INDEX modelgraph_${table.toLowerCase()}_type`),
      ]);
    }
  });

  test.skipIf(missing)(`do not keep the C++ engine from the file ${missing ?? ''}`, async () => {
    using folder = openFolder();
    const file = copyWritable(tfxImdb, folder.file('tfx.sqlite'));
    const { store } = await openStore({ db: file });
    await putContexts(store, 'ours');
    await store.close();
    await using engine = await startEngine({ sqlite: file });
    const theirs = connectRemoteStore(engine);
    await putContexts(theirs, 'theirs');
    const { contexts } = await theirs.getContexts({});
    expect(contexts.map(({ name }) => name)).toEqual(expect.arrayContaining(['ours', 'theirs']));
    await theirs.close();
    await engine.stop();
    expect({ indexes: ourIndexes(file), mode: journalMode(file) }).toEqual({ indexes: OUR_INDEXES, mode: 'wal' });
  });
});

describe.skipIf(missing)(`a file beside those of the C++ engine ${missing ?? ''}`, () => {
  const SCHEMA = 'SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2';
  const schemaOf = (file: string) => rowsOf(file, SCHEMA).map((row) => row.map((text) => withoutSpace(text)));
  const isOurs = ([, name]: readonly unknown[]) => String(name).startsWith('modelgraph_');

  test('has the same tables and indexes by the same SQL, new or after our first write; what is added is named', async () => {
    using folder = openFolder();
    const [ours, theirs] = [folder.file('ours.db'), folder.file('theirs.db')];
    await using engine = await startEnginePipe();
    await engine.open(theirs);
    const schema = schemaOf(theirs);
    expect(schema.length).toBeGreaterThan(40);
    for (const file of [ours, theirs]) {
      const { store } = await openStore({ db: file });
      if (file === theirs) await putContexts(store, 'first');
      await store.close();
      expect(schemaOf(file).filter((row) => !isOurs(row))).toEqual(schema);
      expect(schemaOf(file).filter(isOurs)).toHaveLength(OUR_INDEXES.length);
    }
    expect(rowsOf(ours, 'SELECT * FROM MLMDEnv')).toEqual(rowsOf(theirs, 'SELECT * FROM MLMDEnv'));
  });

  test.each(['ours', 'theirs'])(
    'made as %s and written in turn, each opening what the other left, loses nothing',
    async (first) => {
      using folder = openFolder();
      const file = folder.file('turns.db');
      const writers = {
        ours: async (name: string) => {
          const { store } = await openStore({ db: file });
          await putContexts(store, name);
          const { contexts } = await store.getContexts({});
          await store.close();
          return contexts;
        },
        theirs: async (name: string) => {
          await using engine = await startEngine({ sqlite: file });
          const store = connectRemoteStore(engine);
          await putContexts(store, name);
          const { contexts } = await store.getContexts({});
          await store.close();
          return contexts;
        },
      };
      const turns = [1, 2, 3].flatMap((round) => [`ours ${round}`, `theirs ${round}`]);
      if (first === 'theirs') turns.reverse();
      const written: string[] = [];
      for (const turn of turns) {
        written.push(turn);
        const contexts = await writers[turn.startsWith('ours') ? 'ours' : 'theirs'](turn);
        expect(contexts.map(({ name }) => name)).toEqual(written);
      }
      expect(rowsOf(file, 'PRAGMA integrity_check')).toEqual([['ok']]);
    },
  );
});

function withoutSpace(text: unknown): unknown {
  return typeof text === 'string' ? text.replaceAll(/\s+/g, '') : text;
}

async function failAfterUpdate(transaction: Transaction): Promise<void> {
  await transaction.run("UPDATE Context SET name = 'half' WHERE id = 1");
  throw new Error('no more');
}
