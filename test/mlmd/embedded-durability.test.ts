import { existsSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openFile } from '../../src/mlmd/embedded/open.ts';
import { openStore } from '../../src/mlmd/open.ts';
import { projectNode, run } from '../process.ts';
import { copyWritable, execute, makeStore, openFolder, putContexts } from '../store-file-rig.ts';

const shared = openFolder();
const sound = shared.file('sound.db');
beforeAll(() => makeStore(sound));
afterAll(() => shared[Symbol.dispose]());

describe('durability', () => {
  test.each([
    ['a new file', () => undefined],
    ['one in rollback mode', (file: string) => void copyWritable(sound, file)],
    ['one in WAL mode', (file: string) => execute(copyWritable(sound, file), 'PRAGMA journal_mode=WAL')],
  ])(
    'synchronous is FULL on %s, before and after the first write, which has a WAL from its beginning',
    async (_name, make) => {
      using folder = openFolder();
      make(folder.file('some.db'));
      const { database } = await openFile(folder.file('some.db'));
      const synchronous = () => database.read((transaction) => transaction.all('PRAGMA synchronous'));
      expect(await synchronous()).toEqual([[2n]]);
      await database.write(async (transaction) => {
        expect(await transaction.all('PRAGMA journal_mode')).toEqual([['wal']]);
        await transaction.run("UPDATE Context SET name = 'x' WHERE id = 1");
      });
      expect(await synchronous()).toEqual([[2n]]);
      await database.close();
    },
  );

  test('what a process wrote that was then killed is there, and its WAL goes with the next close', async () => {
    using folder = openFolder();
    const file = copyWritable(sound, folder.file('some.db'));
    expect(await runScript(`${write(file)} process.kill(process.pid, 'SIGKILL');`)).toBe('SIGKILL');
    expect(readdirSync(folder.path)).toContain('some.db-wal');
    const { store } = await openStore({ db: file });
    const { contexts } = await store.getContexts({ options: { filterQuery: "name = 'by a process'" } });
    expect(contexts).toHaveLength(1);
    await store.close();
    expect(readdirSync(folder.path)).toEqual(['some.db']);
  });

  test('what a process had half written that was then killed is undone', async () => {
    using folder = openFolder();
    const file = copyWritable(sound, folder.file('some.db'));
    const half = `import { DatabaseSync } from 'node:sqlite';
      new DatabaseSync(${JSON.stringify(file)}).exec(
        "PRAGMA cache_size=2; BEGIN IMMEDIATE; UPDATE Context SET name = name || printf('%0200d', 1)");
      process.kill(process.pid, 'SIGKILL');`;
    expect(await runScript(half)).toBe('SIGKILL');
    expect(readdirSync(folder.path)).toEqual(['some.db', 'some.db-journal']);
    await (await openStore({ db: file })).store.close();
    expect(folder.content()).toEqual({ 'some.db': shared.content()['sound.db'] });
  });

  test('a WAL that another process still writes is read along', async () => {
    using folder = openFolder();
    const file = copyWritable(sound, folder.file('some.db'));
    using other = new DatabaseSync(file);
    other.exec("PRAGMA journal_mode=WAL; UPDATE Context SET name = 'by others' WHERE id = 1");
    const { store } = await openStore({ db: file });
    const { contexts } = await store.getContextsById({ contextIds: [1n] });
    expect(contexts[0]?.name).toBe('by others');
    await store.close();
    expect(existsSync(`${file}-wal`)).toBe(true);
  });

  test.each([0.5, 0])('a file that somebody cuts off to %f of its size while it is open is DATA_LOSS', async (part) => {
    using folder = openFolder();
    const file = copyWritable(sound, folder.file('some.db'));
    const { store } = await openStore({ db: file });
    await store.getContexts({ options: { maxResultSize: 1 } });
    truncateSync(file, Math.floor(statSync(file).size * part));
    const damaged = { code: 'DATA_LOSS', message: 'The store is damaged.' };
    await expect(store.getContexts({})).rejects.toMatchObject(damaged);
    await expect(putContexts(store, 'more')).rejects.toMatchObject(damaged);
    await store.close();
  });

  test('a store whose name is as long as may be is made and written', async () => {
    using folder = openFolder();
    const file = folder.file('x'.repeat(235));
    for (const name of ['first', 'second']) {
      const { store } = await openStore({ db: file });
      await putContexts(store, name);
      await store.close();
    }
    expect(readdirSync(folder.path)).toEqual(['x'.repeat(235)]);
  });

  // The two moments at which a new file could be there by half.
  test.each([
    [
      'while its tables are made',
      "sqlite.DatabaseSync.prototype.prepare = die(sqlite.DatabaseSync.prototype.prepare, 'COMMIT')",
    ],
    ['before it gets its name', 'fs.linkSync = die(fs.linkSync)'],
  ])('a process that dies making a new file, %s, leaves nothing under the name', async (_name, trap) => {
    using folder = openFolder();
    const file = folder.file('new.db');
    const script = `import fs from 'node:fs'; import sqlite from 'node:sqlite'; import { syncBuiltinESMExports } from 'node:module';
      const die = (then, when) => function (first, ...more) {
        if (when === undefined || first === when) process.kill(process.pid, 'SIGKILL');
        return then.call(this, first, ...more);
      };
      ${trap}; syncBuiltinESMExports();
      ${write(file)}`;
    expect(await runScript(script)).toBe('SIGKILL');
    expect(readdirSync(folder.path)).not.toContain('new.db');
    const { store, description } = await openStore({ db: file });
    expect(description).toMatch(/^created the empty store/);
    await store.close();
  });
});

const OPEN = JSON.stringify(import.meta.resolve('../../src/mlmd/open.ts'));
const RIG = JSON.stringify(import.meta.resolve('../store-file-rig.ts'));

function write(file: string): string {
  return `const { openStore } = await import(${OPEN}); const { putContexts } = await import(${RIG});
    const { store } = await openStore({ db: ${JSON.stringify(file)} }); await putContexts(store, 'by a process');`;
}

async function runScript(script: string) {
  return (await run(['--input-type=module', '--eval', script], { command: [projectNode] })).code;
}
