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

test('docs/client.md names every function, and no other', () => {
  const named = new Set(
    Array.from(page.matchAll(/`((?:list|get|create|update|archive|restore)[A-Z]\w+)`/g), ([, name]) => name),
  );
  const functions = Object.keys(everything).filter((name) => name !== 'ModelGraphError');
  expect(functions.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  expect([...named].filter((name) => !functions.includes(name ?? ''))).toEqual([]);
});

test('the examples of docs/client.md have right types, and say what it says', async () => {
  await using harness = await openHarness({ fill: fillWithDemoData });
  using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-docs-'));
  expect(examples.length).toBe(page.split('```ts\n').length - 1);
  const files = examples.map(({ code }, index) => {
    const file = join(folder.path, `example-${index}.mts`);
    writeFileSync(file, toProgram(code, harness.url));
    return file;
  });
  expect(await checkTypes(folder.path, files)).toEqual({ code: 0, stdout: '', stderr: '' });
  for (const [index, file] of files.entries()) {
    const ended = await run([], { command: [projectNode, file] });
    expect(ended, examples[index]?.code).toEqual({ code: 0, stdout: examples[index]?.output, stderr: '' });
  }
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

async function checkTypes(folder: string, files: readonly string[]) {
  const compilerOptions = { rewriteRelativeImportExtensions: false, typeRoots: [resolve('node_modules/@types')] };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: resolve('tsconfig.json'), compilerOptions, files }),
  );
  return await run(['-p', folder], { command: [projectNode, resolve('node_modules/typescript/bin/tsc')] });
}
