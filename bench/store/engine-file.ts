import { copyFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Copies a file and makes it what the C++ engine would have made: on the rollback journal, without our indexes. */
export function copyAsEngineMakesIt(from: string, to: string): void {
  copyFileSync(from, to);
  const database = new DatabaseSync(to);
  const ours = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND name GLOB 'modelgraph_*'");
  for (const { name } of ours.all()) database.exec(`DROP INDEX ${name}`);
  database.exec('PRAGMA journal_mode=DELETE');
  database.close();
}
