import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { post } from './harness.ts';
import { addressOf, run, start } from './process.ts';
import { blocksOf, readme, sectionOf } from './readme.ts';
import { referencePython, requireReference } from './reference/require.ts';

const section = sectionOf(readme, "Write with ML Metadata's clients");
const missing = requireReference();

describe.skipIf(missing)(`the README's section for Python ${missing ?? ''}`, () => {
  test('does what it says: its commands serve, its Python writes, its query gives its answer', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-python-'));
    const [mlmd = '', serve = ''] = blockOf('sh').split('\n');
    const ours = argumentsOf(mlmd, 'node_modules/.bin/node src/main.ts ').map(freePort);
    await using server = start(ours, { cwd: folder.path });
    const [, port = ''] = await server.seen(/gRPC at \S+:(\d+)$/m);
    await using gateway = start(['serve', ...argumentsOf(serve, 'npm start -- '), '--port', '0'], { cwd: folder.path });
    const url = await addressOf(gateway);

    writeFileSync(join(folder.path, 'write.py'), blockOf('python').replace('port=8080', `port=${port}`));
    const written = await run(['write.py'], { command: [referencePython], cwd: folder.path });
    expect(written).toEqual({ code: 0, stdout: '', stderr: expect.any(String) });

    const { data, errors } = await post(url, { query: blockOf('graphql') });
    expect(errors).toBeUndefined();
    expect(data).toEqual(JSON.parse(blockOf('json')));
  });
});

/** The only block of that language. */
function blockOf(language: string): string {
  const blocks = blocksOf(section, language);
  expect(blocks).toHaveLength(1);
  return blocks[0] ?? '';
}

/** What a line of the shell gives to the command, without its comment. */
function argumentsOf(line: string, command: string): string[] {
  expect(line.slice(0, command.length)).toBe(command);
  return line
    .slice(command.length)
    .replace(/\s+#.*/, '')
    .split(' ');
}

/** The port of the page may be taken. */
function freePort(argument: string): string {
  return argument === '8080' ? '0' : argument;
}
