import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { initialize } from '../../src/mlmd/embedded/create.ts';
import { openDatabase } from '../../src/mlmd/embedded/database.ts';
import { createEmbeddedStore } from '../../src/mlmd/embedded/store.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';

/** A new embedded store with the types A, E and C, its file, and plain SQL on it. `await using` removes it. */
export async function openRig() {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'writes-'));
  const file = join(folder.path, 'store.sqlite');
  const database = openDatabase(file);
  await database.write(initialize);
  const store = createEmbeddedStore(database);
  return {
    ...(await putTypes(store)),
    file,
    database,
    store,
    rows: (sql: string) => query(file, sql),
    async [Symbol.asyncDispose]() {
      await store.close().catch(() => undefined);
      folder.remove();
    },
  };
}

/** Makes the types A, E and C that write steps write nodes of: 10 to 12 in a new store. */
export async function putTypes(store: MetadataStore) {
  const { artifactTypeIds, executionTypeIds, contextTypeIds } = await store.putTypes({
    artifactTypes: [
      {
        name: 'A',
        properties: new Map([
          ['n', 1],
          ['s', 3],
          ['d', 2],
          ['t', 4],
          ['p', 5],
          ['b', 6],
        ]),
      },
    ],
    executionTypes: [{ name: 'E', properties: new Map([['n', 1]]) }],
    contextTypes: [{ name: 'C', properties: new Map([['n', 1]]) }],
  });
  return { typeId: artifactTypeIds[0], executionTypeId: executionTypeIds[0], contextTypeId: contextTypeIds[0] };
}

/** The rows of all queries, one after the other. */
export function query(file: string, ...queries: readonly string[]): unknown[][] {
  const database = new DatabaseSync(file, { readOnly: true, readBigInts: true, returnArrays: true });
  try {
    return queries.flatMap((sql) => database.prepare(sql).all() as unknown as unknown[][]);
  } finally {
    database.close();
  }
}
