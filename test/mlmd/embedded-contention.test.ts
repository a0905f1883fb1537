import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';

import { openFile } from '../../src/mlmd/embedded/open.ts';
import { openStore } from '../../src/mlmd/open.ts';
import { projectNode, start } from '../process.ts';
import { makeStore, openFolder, putContexts, rowsOf } from '../store-file-rig.ts';

const OPEN = JSON.stringify(import.meta.resolve('../../src/mlmd/open.ts'));
const RIG = JSON.stringify(import.meta.resolve('../store-file-rig.ts'));

describe('two processes on one file', () => {
  test('that write at once lose nothing: each write is there or was answered with CONTENTION', async () => {
    using folder = openFolder();
    const file = folder.file('some.db');
    await makeStore(file);
    const writer = (name: string) => `
      const { openStore } = await import(${OPEN}); const { putContexts } = await import(${RIG});
      const { store } = await openStore({ db: ${JSON.stringify(file)} });
      for (let index = 0; index < 100; index++) {
        const name = '${name} ' + index;
        await putContexts(store, name).then(() => console.log(name), ({ code }) => code === 'ABORTED' || process.exit(9));
      }
      await store.close();`;
    await using first = startScript(writer('first'));
    await using second = startScript(writer('second'));
    expect([await first.ended(), await second.ended()]).toEqual([0, 0]);
    const answered = `${first.stdout}${second.stdout}`.trim().split('\n').sort();
    const kept = rowsOf(file, "SELECT name FROM Context WHERE name LIKE 'first %' OR name LIKE 'second %'");
    expect(kept.flat().sort()).toEqual(answered);
    expect(answered.length).toBeGreaterThan(100);
    expect(rowsOf(file, 'PRAGMA integrity_check')).toEqual([['ok']]);
  });

  test('that make it at once share one, though the other has written already when ours gets its name', async () => {
    using folder = openFolder();
    const file = folder.file('new.db');
    const writer = (name: string) => `
      const { openStore } = await import(${OPEN}); const { putContexts } = await import(${RIG});
      const { store, description } = await openStore({ db: ${JSON.stringify(file)} });
      await putContexts(store, '${name}');
      console.log(description);
      await store.close();`;
    const meanwhile = `
      import fs from 'node:fs'; import { spawnSync } from 'node:child_process'; import { syncBuiltinESMExports } from 'node:module';
      for (const name of ['linkSync', 'renameSync']) {
        const original = fs[name];
        fs[name] = (...paths) => {
          spawnSync(process.execPath, ['--input-type=module', '--eval', ${JSON.stringify(writer('theirs'))}]);
          return original(...paths);
        };
      }
      syncBuiltinESMExports();`;
    await using process = startScript(`${meanwhile} ${writer('ours')}`);
    expect(await process.ended()).toBe(0);
    expect(process.stdout).toMatch(/^opened /);
    expect(rowsOf(file, 'SELECT name FROM Context ORDER BY name')).toEqual([['ours'], ['theirs']]);
    expect(Object.keys(folder.content())).toEqual(['new.db']);
  });
});

describe('a file that another process writes', () => {
  test('makes a write wait, and answers CONTENTION when that takes too long; reads go on', async () => {
    using folder = openFolder();
    const file = folder.file('some.db');
    const { store } = await openStore({ db: file });
    await putContexts(store, 'ours');
    using other = new DatabaseSync(file);
    other.exec("BEGIN IMMEDIATE; UPDATE Context SET name = 'theirs'");
    const begun = performance.now();
    await expect(putContexts(store, 'late')).rejects.toMatchObject({ code: 'ABORTED' });
    expect(performance.now() - begun).toBeGreaterThan(1_900);
    expect((await store.getContexts({})).contexts.map(({ name }) => name)).toEqual(['ours']);
    other.exec('COMMIT');
    await putContexts(store, 'late');
    expect((await store.getContexts({})).contexts.map(({ name }) => name).sort()).toEqual(['late', 'theirs']);
    await store.close();
  });

  test('lets a write through that waits no longer than that', async () => {
    using folder = openFolder();
    const file = folder.file('some.db');
    const { store } = await openStore({ db: file });
    await putContexts(store, 'ours');
    // In a thread: while our statement waits, nothing else of this one runs.
    const worker = new Worker(
      `const { workerData, parentPort } = require('node:worker_threads');
       const other = new (require('node:sqlite').DatabaseSync)(workerData);
       other.exec("BEGIN IMMEDIATE; UPDATE Context SET name = 'theirs'");
       parentPort.postMessage('locked');
       setTimeout(() => { other.exec('COMMIT'); other.close(); }, 300);`,
      { eval: true, workerData: file },
    );
    const gone = once(worker, 'exit');
    await once(worker, 'message');
    await putContexts(store, 'late');
    expect((await store.getContexts({})).contexts.map(({ name }) => name).sort()).toEqual(['late', 'theirs']);
    await gone;
    await store.close();
  });
});

describe('reads beside a write of the same store', () => {
  test('see all of it or nothing', async () => {
    using folder = openFolder();
    const { database } = await openFile(folder.file('some.db'));
    const names = () =>
      database.read(async (transaction) => {
        const before = await transaction.all('SELECT name FROM Context ORDER BY id');
        const after = await transaction.all('SELECT name FROM Context ORDER BY id');
        expect(after).toEqual(before); // one snapshot
        return after.flat().join(' ');
      });
    const write = database.write(async (transaction) => {
      for (const name of ['a', 'b']) await transaction.run('INSERT INTO Context (type_id, name) VALUES (1, ?)', name);
    });
    const beside = Array.from({ length: 50 }, names);
    await write;
    expect(new Set([...(await Promise.all(beside)), await names()])).toEqual(new Set(['a b']));
    await database.close();
  });

  test('begun before it see nothing of it', async () => {
    using folder = openFolder();
    const { database } = await openFile(folder.file('some.db'));
    const seen: unknown[] = [];
    const read = database.read(async (transaction) => {
      for (let index = 0; index < 20; index++) seen.push(...(await transaction.all('SELECT name FROM Context')));
    });
    const write = database.write((transaction) =>
      transaction.run("INSERT INTO Context (type_id, name) VALUES (1, 'a')"),
    );
    await Promise.all([read, write]);
    expect(seen).toEqual([]);
    await database.close();
  });

  test('do not stop for a failed statement', async () => {
    using folder = openFolder();
    const { database } = await openFile(folder.file('some.db'));
    const failing = database.read((transaction) => transaction.all('SELECT nothing FROM nowhere'));
    const sound = database.read((transaction) => transaction.all('SELECT schema_version FROM MLMDEnv'));
    const later = database.write((transaction) => transaction.all('SELECT schema_version FROM MLMDEnv'));
    await expect(failing).rejects.toMatchObject({ code: 'INTERNAL' });
    expect([await sound, await later]).toEqual([[[10n]], [[10n]]]);
    await database.close();
  });
});

function startScript(script: string) {
  return start(['--input-type=module', '--eval', script], { command: [projectNode] });
}
