import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdtempDisposableSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { openStore } from '../src/mlmd/open.ts';
import type { MetadataStore } from '../src/mlmd/store.ts';

/** A folder of a test's own. `using` removes it. */
export function openFolder() {
  const { path, remove } = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-files-'));
  return {
    path,
    /** The path of a file in it. */
    file: (name: string) => join(path, name),
    /** All that is in it. */
    content: () => contentOf(path),
    [Symbol.dispose]: () => remove(),
  };
}

/** The names of all files in a folder and a digest of each one's content. */
export function contentOf(folder: string): Readonly<Record<string, string>> {
  const entries = readdirSync(folder, { withFileTypes: true });
  return Object.fromEntries(
    entries.map((entry) => [entry.name, entry.isFile() ? digest(join(folder, entry.name)) : '']),
  );
}

function digest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** Makes a store of some hundred pages at `file`, as the C++ engine leaves one: not in WAL mode, without our indexes. */
export async function makeStore(file: string): Promise<void> {
  const { store } = await openStore({ db: file });
  await putContexts(store, ...Array.from({ length: 3_000 }, (_, index) => `context ${index}`));
  await store.close();
  const ours = "SELECT name FROM sqlite_master WHERE name LIKE 'modelgraph%'";
  const drops = rowsOf(file, ours).map(([name]) => `DROP INDEX ${name};`);
  execute(file, `${drops.join('')} PRAGMA journal_mode=DELETE; VACUUM`);
}

/** A copy that may be written, whatever the permissions of the original. */
export function copyWritable(original: string, file: string): string {
  copyFileSync(original, file);
  chmodSync(file, 0o644);
  return file;
}

/** Runs plain SQL on a file, in a connection of its own. */
export function execute(file: string, sql: string): void {
  using connection = new DatabaseSync(file);
  connection.exec(sql);
}

/** The rows of a query on a file, in a connection of its own; not a read-only one, which leaves a WAL behind. */
export function rowsOf(file: string, sql: string): unknown[][] {
  using connection = new DatabaseSync(file, { returnArrays: true });
  return connection.prepare(sql).all() as unknown as unknown[][];
}

/** Puts contexts of these names, in one transaction. */
export async function putContexts(store: MetadataStore, ...names: readonly string[]): Promise<void> {
  const { typeId } = await store.putContextType({ contextType: { name: 'C', properties: new Map() } });
  const plain = { typeId, properties: new Map(), customProperties: new Map() };
  await store.putContexts({ contexts: names.map((name) => ({ ...plain, name })) });
}
