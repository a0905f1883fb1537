import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** The Python that has `ml-metadata`: $MODELGRAPH_TEST_PYTHON, else the venv that `.ci/run` makes. */
export const referencePython = process.env.MODELGRAPH_TEST_PYTHON ?? join(root, '.cache/mlmd-venv/bin/python');

/** The path of a file of the shared folder: $MODELGRAPH_SHARED, else `../shared` beside the project. */
export function sharedFile(path: string): string {
  return join(process.env.MODELGRAPH_SHARED ?? resolve(root, '../shared'), path);
}

/** A store that a real TFX run wrote. Tests open copies. */
export const tfxImdb = sharedFile('data/tfx-imdb.sqlite');

/**
 * Why tests on the C++ engine and real data cannot run here, for a `describe.skipIf`; undefined where they can. Throws
 * instead where MODELGRAPH_TEST_REQUIRE=all: there, a skip would hide a broken set-up.
 */
export function requireReference(): string | undefined {
  const missing = [referencePython, tfxImdb].filter((path) => !existsSync(path));
  if (missing.length === 0) return undefined;
  const reason = `skipped: no ${missing.join(' and no ')}`;
  if (process.env.MODELGRAPH_TEST_REQUIRE === 'all') throw new Error(`MODELGRAPH_TEST_REQUIRE=all, but ${reason}`);
  return reason;
}
