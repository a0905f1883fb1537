import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

import { run } from '../process.ts';

const BUILD = join(import.meta.dirname, 'build-tools.sh');
const folder = mkdtempSync(join(tmpdir(), 'modelgraph-tools-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('without Go, the tools of the cluster are not built, and nothing is left half-made', async () => {
  for (const name of ['bash', 'cat', 'dirname', 'head', 'sha256sum']) {
    symlinkSync(execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), join(folder, name));
  }
  const options = { command: [join(folder, 'bash'), BUILD], env: { PATH: folder, XDG_CACHE_HOME: folder } } as const;
  expect(await run(['--where'], options)).toEqual({
    code: 1,
    stdout: expect.stringMatching(/^(.*\/modelgraph\/cluster-(tools|kinds)-[0-9a-f]{16}\n){2}$/),
    stderr: '',
  });
  expect(await run([], options)).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('install Go 1.26 or newer'),
  });
  expect(readdirSync(folder)).not.toContain('modelgraph');
});
