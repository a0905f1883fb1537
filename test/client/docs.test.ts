import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

import * as everything from '../../src/client/index.ts';
import { fillWithDemoData } from '../../src/demo/fill.ts';
import { openHarness } from '../harness.ts';
import { projectNode, run } from '../process.ts';

const page = readFileSync('docs/client.md', 'utf8');
const examples = Array.from(page.matchAll(/```ts\n(.*?)```\n\n```text\n(.*?)```/gs), ([, code = '', output = '']) => ({
  code,
  output,
}));

/** Stands between the output of two examples. */
const END = '-- end of the example --';

test('docs/client.md names every function, and no other', () => {
  const named = new Set(
    Array.from(page.matchAll(/`((?:list|get|create|update|archive|restore)[A-Z]\w+)`/g), ([, name]) => name),
  );
  const functions = Object.keys(everything).filter((name) => name !== 'ModelGraphError');
  expect(functions.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  expect([...named].filter((name) => !functions.includes(name ?? ''))).toEqual([]);
});

test('the examples of docs/client.md have right types, and say what it says', { timeout: 240_000 }, async () => {
  await using harness = await openHarness({ fill: fillWithDemoData });
  using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-docs-'));
  expect(examples.length).toBe(page.split('```ts\n').length - 1);
  const files = examples.map(({ code }, index) => {
    writeFileSync(join(folder.path, `example-${index}.mts`), toProgram(code, harness.url));
    return `./example-${index}.mts`;
  });
  const all = join(folder.path, 'all.mts');
  writeFileSync(all, files.map((file) => `await import('${file}');\nconsole.log('${END}');\n`).join(''));
  expect(await checkTypes(folder.path)).toEqual({ code: 0, stdout: '', stderr: '' });
  const { stdout, ...ended } = await run([], { command: [projectNode, all] });
  expect(stdout.split(`${END}\n`)).toEqual([...examples.map(({ output }) => output), '']);
  expect(ended).toEqual({ code: 0, stderr: '' });
});

/** The example on the gateway and the client of the test. */
function toProgram(code: string, url: string): string {
  const whole = code.includes('createClient(')
    ? code
    : `import { createClient } from 'modelgraph/client';\nconst client = createClient({ url: 'http://localhost:4000' });\n${code}`;
  return whole
    .replaceAll("'modelgraph/client'", JSON.stringify(resolve('src/client/index.ts')))
    .replaceAll('http://localhost:4000', url);
}

async function checkTypes(folder: string) {
  const compilerOptions = { rewriteRelativeImportExtensions: false, typeRoots: [resolve('node_modules/@types')] };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: resolve('tsconfig.json'), compilerOptions, files: ['all.mts'] }),
  );
  const tsc = resolve('node_modules/typescript/bin/tsc');
  return await run(['-p', folder], { command: [projectNode, tsc], patienceMs: 120_000 });
}
