import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { post } from './harness.ts';
import { addressOf, run, start } from './process.ts';
import { referencePython, requireReference } from './reference/require.ts';

const page = readFileSync(new URL('../docs/python.md', import.meta.url), 'utf8');
const missing = requireReference();

describe.skipIf(missing)(`docs/python.md ${missing ?? ''}`, () => {
  test('does what it says: its command serves, its Python writes, its query gives its answer', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-python-'));
    const [npm, options = ''] = blockOf('sh').split(' -- ');
    expect(npm).toBe('npm start');
    // On free ports, for those of the page may be taken.
    const args = options.trim().replace('--grpc-port 8080', '--grpc-port 0 --port 0').split(' ');
    await using gateway = start(['serve', ...args], { cwd: folder.path });
    const url = await addressOf(gateway);
    const [, port = ''] = await gateway.seen(/gRPC at \S+:(\d+)$/m);

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
  const blocks = [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))];
  expect(blocks).toHaveLength(1);
  return blocks[0]?.[1] ?? '';
}
