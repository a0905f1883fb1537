import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

import { openHarness, STORE_KINDS } from '../harness.ts';
import { run } from '../process.ts';
import { requireReference } from '../reference/require.ts';

const SCRIPT = resolve(import.meta.dirname, 'python_client.py');

/** The versions of the client, each with what its API has. */
const CLIENTS = [
  ['0.3.9', ['--experiments']],
  ['0.3.18', []],
] as const;

describe.each(CLIENTS)('the Python client model-registry %s', (version, options) => {
  const python = resolve(import.meta.dirname, `../../.cache/model-registry-${version}-venv/bin/python`);

  describe.skipIf(missing(python))('does what users do with it', () => {
    describe.each(STORE_KINDS)('over the %s store', (kind) => {
      test.skipIf(kind === 'remote' && requireReference())('from Python', { timeout: 60_000 }, async () => {
        await using harness = await openHarness({ kind });
        const { hostname, port } = new URL(harness.url);
        const { code, stderr } = await run([SCRIPT, hostname, port, ...options], { command: [python] });
        expect(code, stderr).toBe(0);
      });
    });
  });
});

function missing(python: string): string | undefined {
  if (existsSync(python)) return undefined;
  const reason = `skipped: no ${python}`;
  if (process.env.MODELGRAPH_TEST_REQUIRE === 'all') throw new Error(`MODELGRAPH_TEST_REQUIRE=all, but ${reason}`);
  return reason;
}
