import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

import { run, start } from '../process.ts';
import { blocksOf } from '../readme.ts';
import { referencePython, requireReference } from '../reference/require.ts';
import { openRig } from './terminal-rig.ts';

const page = readFileSync(new URL('../../docs/python.md', import.meta.url), 'utf8');
const [serve = '', ask = ''] = blocksOf(page, 'sh');
const [pipeline = '', notebook = ''] = blocksOf(page, 'python');
const [printed = '', tree = ''] = blocksOf(page, 'text');

describe.each(['0.3.9', '0.3.18'])('docs/python.md with model-registry %s', (version) => {
  const python = resolve(import.meta.dirname, `../../.cache/model-registry-${version}-venv/bin/python`);
  const missing = requireReference() ?? missingClient(python);

  test.skipIf(missing)(`does what it says ${missing ?? ''}`, async () => {
    await using rig = await openRig({ gateway: false });
    const args = serve.trim().split(' ').slice(1);
    await using server = start(
      args.map((each) => (/^(4000|8080)$/.test(each) ? '0' : each)),
      { cwd: rig.home },
    );
    const [, url = ''] = await server.seen(/(http:\/\/\S+)\/graphql/);
    const [, grpcPort = ''] = await server.seen(/gRPC at \S+:(\d+)$/m);
    const [httpPort = ''] = /\d+$/.exec(url) ?? [];

    const python3 = (file: string, code: string, command: string) => {
      writeFileSync(join(rig.home, file), code.replace('8080', grpcPort).replace('4000', httpPort));
      return run([file], { command: [command], cwd: rig.home });
    };
    expect(await python3('pipeline.py', pipeline, referencePython)).toMatchObject({ code: 0, stdout: '' });
    const registered = await python3('notebook.py', notebook, python);
    expect(registered.code, registered.stderr).toBe(0);
    expect(registered.stdout).toBe(printed);
    expect(await rig.shell(ask, { MODELGRAPH_SERVER: url })).toEqual({ code: 0, stdout: tree, stderr: '' });
  });
});

function missingClient(python: string): string | undefined {
  if (existsSync(python)) return undefined;
  const reason = `skipped: no ${python}`;
  if (process.env.MODELGRAPH_TEST_REQUIRE === 'all') throw new Error(`MODELGRAPH_TEST_REQUIRE=all, but ${reason}`);
  return reason;
}
