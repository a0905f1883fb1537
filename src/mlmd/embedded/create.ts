import { readFileSync } from 'node:fs';

import type { Transaction } from './transaction.ts';
import { ARTIFACT_TYPE, EXECUTION_TYPE } from './type-kinds.ts';

/** The version of MLMD's tables that schema.sql has. */
export const SCHEMA_VERSION = 10n;

/** Makes an empty database an MLMD store that the C++ engine opens as its own: tables, indexes, version, base types. */
export async function initialize(transaction: Transaction): Promise<void> {
  for (const statement of schemaStatements()) await transaction.run(statement);
  await transaction.run('INSERT INTO MLMDEnv (schema_version) VALUES (?)', SCHEMA_VERSION);
  for (const kind of [ARTIFACT_TYPE, EXECUTION_TYPE]) {
    for (const name of kind.baseTypes.keys()) {
      await transaction.run('INSERT INTO Type (name, type_kind) VALUES (?, ?)', name, kind.code);
    }
  }
}

function schemaStatements(): string[] {
  const text = readFileSync(new URL('./schema.sql', import.meta.url), 'utf8');
  return text
    .replaceAll(/^--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
