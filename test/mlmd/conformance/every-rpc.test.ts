import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { RPC_NAMES } from '../../../src/mlmd/store.ts';

test('every RPC has a case that runs on both stores', () => {
  const files = globSync(join(import.meta.dirname, '*.ts')).filter((file) => file !== import.meta.filename);
  const cases = files.map((file) => readFileSync(file, 'utf8')).join('');
  expect(RPC_NAMES.filter((name) => !new RegExp(`\\bstore\\.${name}\\b`).test(cases))).toEqual([]);
});
