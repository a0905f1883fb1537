import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { fillWithDemoData } from '../../src/demo/fill.ts';
import { launchBrowser, requireChromium } from '../browser.ts';
import { type Harness, openHarness } from '../harness.ts';

const CLIENT = JSON.stringify(resolve('src/client/index.ts'));

/** Most that a program with one function of the client may have, minified and compressed. */
const MAX_GZIPPED_BYTES = 3_500;

/** Texts that only the code of one function has. */
const TRACES = {
  listRegisteredModels: 'query RegisteredModels',
  createModelVersion: 'createModelVersion(',
  logRun: 'logRun(',
  listDeployments: 'inferenceServices(',
  lineage: 'query Lineage',
  impact: 'query Impact',
} as const;

type Name = keyof typeof TRACES;

test.each(Object.keys(TRACES) as Name[])('a program that needs %s alone has none of the others', async (name) => {
  const text = await bundle(`import { createClient, ${name} } from ${CLIENT};
    globalThis.result = ${name}(createClient({ url: location.origin }), {});`);
  const found = Object.entries(TRACES).filter(([, trace]) => text.includes(trace));
  expect(found.map(([each]) => each)).toEqual([name]);
  const bytes = gzipSync(text).length;
  console.log(`${name}: ${text.length} bytes, ${bytes} compressed`);
  expect(bytes).toBeLessThan(MAX_GZIPPED_BYTES);
});

test('a program that needs nothing of the client has nothing of it', async () => {
  expect((await bundle(`import ${CLIENT}; globalThis.result = 1;`)).length).toBeLessThan(100);
});

describe.skipIf(requireChromium())('the client in a browser', () => {
  let gateway: Harness;
  beforeAll(async () => {
    gateway = await openHarness({ fill: fillWithDemoData });
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  test('asks the gateway that its page is beside', async () => {
    const text = await bundle(`import { createClient, findVersion, lineage, listRegisteredModels } from ${CLIENT};
      const client = createClient({ url: location.origin, token: 'a-token' });
      globalThis.result = (async () => {
        const names = [];
        for await (const { name } of listRegisteredModels(client, { pageSize: 2 })) names.push(name);
        const version = await findVersion(client, { model: 'yolov8' });
        const { nodes } = await lineage(client, version.id, { direction: 'UPSTREAM' });
        const wrong = await client.query('{ nothing }', {}).catch(({ name, code, requestId }) => [name, code, requestId.length]);
        const elsewhere = await createClient({ url: 'http://127.0.0.1:9', retries: 0 }).query('{ a }', {}).catch(({ code }) => code);
        return { names, nodes: nodes.length, wrong, elsewhere };
      })();`);
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.route(`${gateway.url}/page`, (route) => route.fulfill({ contentType: 'text/html', body: '<p>' }));
      await page.goto(`${gateway.url}/page`);
      const { names, nodes, ...others } = await page.evaluate<Told>(`${text}; globalThis.result`);
      const { data } = await gateway.query('{ registeredModels(first: 100) { nodes { name } } }');
      expect(names).toEqual(data.registeredModels.nodes.map(({ name }: { readonly name: string }) => name));
      expect(nodes).toBeGreaterThan(1);
      expect(others).toEqual({ wrong: ['ModelGraphError', 'GRAPHQL_VALIDATION_FAILED', 36], elsewhere: 'UNREACHABLE' });
    } finally {
      await browser.close();
    }
  });
});

/** What the program in the page found. */
interface Told {
  readonly names: readonly string[];
  readonly nodes: number;
  readonly wrong: readonly unknown[];
  readonly elsewhere: string;
}

/** A program and all that it needs, as one script for browsers. */
async function bundle(program: string): Promise<string> {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-bundle-'));
  const entry = join(folder.path, 'program.ts');
  writeFileSync(entry, program);
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root: folder.path,
    build: { write: false, lib: { entry, formats: ['iife'], name: 'program' }, target: 'es2022', minify: true },
  });
  const [output] = [built].flat();
  const chunk = output && 'output' in output ? output.output[0] : undefined;
  if (!chunk) throw new Error('Vite built nothing');
  return chunk.code;
}
