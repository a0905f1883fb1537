import type { DatabaseSync } from 'node:sqlite';

import { Struct } from '../../../src/generated/proto/google/protobuf/struct.ts';
import { byStep, tidy } from './tidy.ts';

/** All tables; links and paths by content, as the C++ engine writes them in the order of a hash table. */
const TABLES: Readonly<Record<string, string>> = {
  Type: '* FROM Type ORDER BY id',
  TypeProperty: '* FROM TypeProperty ORDER BY 1, 2',
  ParentType: '* FROM ParentType ORDER BY 1, 2',
  Artifact: '* FROM Artifact ORDER BY id',
  ArtifactProperty: '* FROM ArtifactProperty ORDER BY 1, 2, 3',
  Execution: '* FROM Execution ORDER BY id',
  ExecutionProperty: '* FROM ExecutionProperty ORDER BY 1, 2, 3',
  Context: '* FROM Context ORDER BY id',
  ContextProperty: '* FROM ContextProperty ORDER BY 1, 2, 3',
  Event: '* FROM Event ORDER BY id',
  EventPath: '* FROM EventPath ORDER BY rowid',
  Attribution: 'context_id, artifact_id FROM Attribution ORDER BY 1, 2',
  Association: 'context_id, execution_id FROM Association ORDER BY 1, 2',
  ParentContext: '* FROM ParentContext ORDER BY 1, 2',
  MLMDEnv: '* FROM MLMDEnv',
  sequences: '* FROM sqlite_sequence ORDER BY name',
};

/** All rows of a store's file, table by table, its times as the steps of the test that set them. */
export function readTables(database: DatabaseSync, times: readonly number[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(TABLES).map(([table, select]) => {
      const rows = database.prepare(`SELECT ${select}`).all();
      return [table, rows.map((row) => Object.values(row).map((value) => toComparable(value, times)))];
    }),
  );
}

function toComparable(value: unknown, times: readonly number[]): unknown {
  if (typeof value === 'bigint') return byStep(value, times);
  const struct = typeof value === 'string' && /^mlmd-struct::(.*)$/.exec(value)?.[1];
  // The C++ engine writes the fields of a struct in the order of a hash table.
  return typeof struct === 'string' ? tidy(Struct.decode(Buffer.from(struct, 'base64')), times) : value;
}
