import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { post } from './harness.ts';
import { addressOf, logLines, type ProcessOptions, run, start } from './process.ts';
import { requireReference, tfxImdb } from './reference/require.ts';
import { contentOf, copyWritable, execute, makeStore, openFolder } from './store-file-rig.ts';

const shared = openFolder();
const sound = shared.file('sound.db');
beforeAll(() => makeStore(sound));
afterAll(() => shared[Symbol.dispose]());

const bytes = () => Buffer.from(readFileSync(sound));
const versions = (...numbers: readonly number[]) =>
  `DELETE FROM MLMDEnv; ${numbers.map((number) => `INSERT INTO MLMDEnv VALUES (${number});`).join('')}`;

/** The user who owns nothing. */
const NOBODY = 65_534;

const isRoot = process.getuid?.() === 0;
const NO_ACCESS = 'only root can be another user, who then has to have access to this folder';

/** False where the checkout lies in a folder that is closed to others. */
async function runsAsNobody(): Promise<boolean> {
  const ended = await run(['--version'], { uid: NOBODY }).catch(() => undefined);
  return ended?.code === 0;
}

describe('serve --db FILE refuses in one sentence, with exit code 1, and changes nothing', () => {
  const UNFIT: readonly (readonly [string, (file: string) => void, RegExp])[] = [
    ['text', (file) => writeFileSync(file, 'id,name\n'), /is not a SQLite file/],
    ['a folder', (file) => mkdirSync(file), /is a folder; name a file in it/],
    ['a file of 0 bytes', (file) => writeFileSync(file, ''), /is empty; remove it, and a new store is made/],
    ['a bad header', (file) => writeFileSync(file, bytes().fill(0, 0, 16)), /is not a SQLite file/],
    ['a bad page size', (file) => writeFileSync(file, bytes().fill(7, 16, 18)), /is damaged; restore it from a backup/],
    ['a bad page in the middle', (file) => writeFileSync(file, withBadPage()), /is damaged; restore it from a backup/],
    ['half a file', halve, /is damaged; restore it from a backup/],
    ['a database of others', (file) => execute(file, 'CREATE TABLE t (a)'), /SQLite file, but not one of ML Metadata/],
    [
      'one in WAL mode',
      (file) => execute(file, 'PRAGMA journal_mode=WAL; CREATE TABLE t (a)'),
      /not one of ML Metadata/,
    ],
    ['a store without a table', altered('DROP TABLE Attribution'), /not one of ML Metadata/],
    ['no schema version', altered(versions()), /not one of ML Metadata/],
    ['schema version 9', altered(versions(9)), /has version 9 of MLMD's schema; this program needs version 10/],
    ['schema version 11', altered(versions(11)), /has version 11 of MLMD's schema; this program needs version 10/],
    ['version 11 in WAL mode', altered(`${versions(11)} PRAGMA journal_mode=WAL`), /has version 11 /],
    ['two versions', altered(versions(9, 10)), /claims versions 9 and 10 of MLMD's schema at once/],
    ['version 11, not to be written', readOnlyVersion11, /has version 11 /],
  ];

  test.each(UNFIT)('%s', async (_name, make, problem) => {
    using folder = openFolder();
    make(folder.file('some.db'));
    await expectRefused(folder.path, problem);
  });

  test('a store that another program has locked', async () => {
    using folder = openFolder();
    copyWritable(sound, folder.file('some.db'));
    const before = folder.content(); // not later: closing a file gives up this process's locks on it
    using other = new DatabaseSync(folder.file('some.db'));
    other.exec('BEGIN EXCLUSIVE');
    expectSentence(await serve(folder.path), /is locked by another program; try again/);
    other.exec('ROLLBACK');
    expect(folder.content()).toEqual(before);
  });

  test('a link to a file that is not there', async () => {
    using folder = openFolder();
    symlinkSync('nowhere.db', folder.file('some.db'));
    expectSentence(await serve(folder.path), /is a link to a file that is not there/);
    expect(lstatSync(folder.file('some.db')).isSymbolicLink()).toBe(true);
    expect(existsSync(folder.file('nowhere.db'))).toBe(false);
  });

  test('a file that may not be read', async ({ skip }) => {
    // Root may read everything, and so is somebody else for this.
    const somebody = isRoot ? { uid: NOBODY } : {};
    skip(isRoot && !(await runsAsNobody()), NO_ACCESS);
    using folder = openFolder();
    chmodSync(folder.path, 0o755);
    chmodSync(copyWritable(sound, folder.file('some.db')), 0);
    const ended = await run(['serve', '--port', '0', '--db', 'some.db'], { cwd: folder.path, ...somebody });
    expectSentence(ended, /cannot be read; see to the permissions of the file/);
  });

  function altered(sql: string) {
    return (file: string) => execute(copyWritable(sound, file), sql);
  }

  function readOnlyVersion11(file: string): void {
    altered(`${versions(11)} PRAGMA journal_mode=WAL`)(file);
    chmodSync(file, 0o444);
  }

  function halve(file: string): void {
    copyFileSync(sound, file);
    truncateSync(file, Math.floor(bytes().length / 2));
  }

  function withBadPage(): Buffer {
    const content = bytes();
    const middle = Math.floor(content.length / 4_096 / 2) * 4_096;
    return content.fill(0xff, middle, middle + 4_096);
  }

  const serve = (cwd: string) => run(['serve', '--port', '0', '--db', 'some.db'], { cwd });

  async function expectRefused(folder: string, problem: RegExp): Promise<void> {
    const before = contentOf(folder);
    expectSentence(await serve(folder), problem);
    expect(contentOf(folder)).toEqual(before);
  }

  function expectSentence(ended: Awaited<ReturnType<typeof run>>, problem: RegExp): void {
    expect(ended).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^modelgraph: Cannot open the store: some\.db [^\n]+\.\n$/),
    });
    expect(ended.stderr).toMatch(problem);
  }
});

describe('a served store', () => {
  const query = '{ contexts(first: 1) { nodes { name } } artifactTypes { nodes { name } } }';

  test.each([
    ['read-only', 0o444, '', 'opened read-only'],
    ['read-only in WAL mode', 0o444, 'PRAGMA journal_mode=WAL', 'opened read-only'],
    ['writable', 0o644, '', 'opened'],
    ['writable in WAL mode', 0o644, 'PRAGMA journal_mode=WAL', 'opened'],
  ])('%s is as it was after queries and a stop, and the log says how it was opened', async (_name, mode, sql, told) => {
    using folder = openFolder();
    execute(copyWritable(sound, folder.file('some.db')), sql);
    chmodSync(folder.file('some.db'), mode);
    const before = folder.content();
    const { data, log } = await askOnce('some.db', query, { cwd: folder.path });
    expect(data.contexts.nodes).toEqual([{ name: 'context 0' }]);
    expect(log[0]).toMatchObject({ msg: `${told} some.db` });
    expect(folder.content()).toEqual(before);
  });

  const missing = requireReference();
  test.skipIf(missing)(`of a real TFX run does not change by a byte ${missing ?? ''}`, async () => {
    using folder = openFolder();
    copyWritable(tfxImdb, folder.file('tfx.sqlite'));
    const before = folder.content();
    const provenance = `{ artifact(databaseId: "19") { producedBy { nodes { inputs { nodes { uri events { nodes { type } } } } } } }
      executions { nodes { contexts { nodes { name artifacts { nodes { uri } } } } } } }`;
    const { data, log } = await askOnce('tfx.sqlite', provenance, { cwd: folder.path });
    expect(data.executions.nodes).toHaveLength(10);
    expect(log[0]).toMatchObject({ msg: 'opened tfx.sqlite' });
    expect(folder.content()).toEqual(before);
  });

  test('of another user, in a folder that may not be written, is served read-only, in WAL mode too', async ({
    skip,
  }) => {
    skip(!isRoot || !(await runsAsNobody()), NO_ACCESS);
    using folder = openFolder();
    chmodSync(folder.path, 0o755);
    execute(copyWritable(sound, folder.file('some.db')), 'PRAGMA journal_mode=WAL');
    chmodSync(folder.file('some.db'), 0o666);
    const { data, log } = await askOnce('some.db', query, { cwd: folder.path, uid: NOBODY });
    expect(data.contexts.nodes).toEqual([{ name: 'context 0' }]);
    expect(log[0]).toMatchObject({ msg: 'opened read-only some.db' });
  });
});

/** Serves a file for one query; gives the answer and the log after a clean stop. */
async function askOnce(file: string, query: string, options: ProcessOptions) {
  await using gateway = start(['serve', '--port', '0', '--db', file], options);
  const { data, errors } = await post(await addressOf(gateway), { query });
  expect(errors).toBeUndefined();
  gateway.kill('SIGTERM');
  expect(await gateway.ended()).toBe(0);
  return { data, log: logLines(gateway.stderr) };
}
