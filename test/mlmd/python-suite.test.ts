import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';

import { type Running, start } from '../process.ts';
import { startEngine } from '../reference/engine.ts';
import { referencePython, requireReference } from '../reference/require.ts';
import { openFolder } from '../store-file-rig.ts';

const SUITE = 'metadata_store_test.py';

/** Broken in the file itself: each calls `_get_metadata_store` without the arguments of the command line. */
const BROKEN = [
  'test_connection_config_with_grpc_client_timeout_sec_errors',
  'test_connection_config_with_grpc_http2_max_ping_strikes',
  'test_connection_config_with_grpc_max_receive_message_length',
  'test_connection_config_with_grpc_max_receive_message_length_errors',
];

const missing = requireReference() ?? requirePytest();

// The Python client as it is, and its own tests as they are, from the wheel.
describe.skipIf(missing)(`the suite of the Python client ${missing ?? ''}`, () => {
  test('passes on our server as it does on the C++ engine', { timeout: 300_000 }, async () => {
    using folder = openFolder();
    await using ours = start(['mlmd', '--db', folder.file('suite.db'), '--port', '0']);
    const [, port] = await ours.seen(/gRPC at \S+:(\d+)$/m);
    const results = await runSuite(Number(port));
    expect(namesOf(results, 'FAILED')).toEqual(BROKEN);
    expect(namesOf(results, 'PASSED')).toHaveLength(102);
    expect(namesOf(results, 'XFAIL')).toHaveLength(2);

    await using engine = await startEngine();
    expect(await runSuite(engine.port)).toEqual(results);
  });
});

/** How each test of the suite ended, e.g. `PASSED test_put_events_get_events`, in order of the alphabet. */
async function runSuite(port: number): Promise<string[]> {
  const flags = ['-p', 'no:cacheprovider', '-q', '-rA', '--tb=short', SUITE, '--use_grpc_backend'];
  await using pytest: Running = start(['-m', 'pytest', ...flags, '--grpc_host=127.0.0.1', `--grpc_port=${port}`], {
    command: [referencePython],
    cwd: suiteFolder(),
    env: { PYTHONDONTWRITEBYTECODE: '1' },
  });
  const code = await pytest.ended();
  const results = [
    ...pytest.stdout.matchAll(/^(PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)(?: at setup of)? \S*::(\w+)/gm),
  ];
  expect(results.length, `pytest ended with ${code}: ${pytest.stdout}${pytest.stderr}`).toBeGreaterThan(100);
  return results.map(([, how, name]) => `${how} ${name}`).sort();
}

function namesOf(results: readonly string[], how: string): string[] {
  return results.filter((each) => each.startsWith(`${how} `)).map((each) => each.slice(how.length + 1));
}

function suiteFolder(): string {
  const where = 'import ml_metadata.metadata_store as it; print(it.__file__)';
  return dirname(execFileSync(referencePython, ['-c', where], { encoding: 'utf8' }).trim());
}

/** As {@link requireReference}, for what `.ci/run` installs beside ml-metadata. */
function requirePytest(): string | undefined {
  try {
    execFileSync(referencePython, ['-c', 'import pytest; from absl.testing import parameterized'], { stdio: 'ignore' });
    return undefined;
  } catch {
    const reason = `skipped: ${referencePython} has no pytest`;
    if (process.env.MODELGRAPH_TEST_REQUIRE === 'all') throw new Error(`MODELGRAPH_TEST_REQUIRE=all, but ${reason}`);
    return reason;
  }
}
