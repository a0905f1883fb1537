import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The path of a program that `.ci/run` installs below `.cache/`. */
export function cachedTool(path: string): string {
  return join(resolve(import.meta.dirname, '..'), '.cache', path);
}

/**
 * Why tests that need these programs cannot run here, for a `describe.skipIf`; undefined where they can. Throws instead
 * where MODELGRAPH_TEST_REQUIRE=all: there, a skip would hide a broken set-up.
 */
export function requireTools(paths: readonly string[]): string | undefined {
  const missing = paths.filter((path) => !existsSync(path));
  if (missing.length === 0) return undefined;
  const reason = `skipped: no ${missing.join(', no ')}`;
  if (process.env.MODELGRAPH_TEST_REQUIRE === 'all') throw new Error(`MODELGRAPH_TEST_REQUIRE=all, but ${reason}`);
  return reason;
}
