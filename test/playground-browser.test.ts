import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { fillWithDemoData } from '../src/demo/fill.ts';
import { launchBrowser, requireChromium } from './browser.ts';
import { type Harness, openHarness } from './harness.ts';

const FIRST_EXAMPLE = 'web/playground/examples/01-registered-models.graphql';

const missing = requireChromium();

describe.skipIf(missing)('the playground in a browser', () => {
  let gateway: Harness;
  let browser: Browser;
  let page: Page;
  let trouble: string[];
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelgraph-browser-'));
    gateway = await openHarness({ fill: fillWithDemoData });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    trouble = watch(page, gateway.url);
    expect((await page.goto(`${gateway.url}/graphiql`))?.status(), 'is it built?').toBe(200);
    await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test('has a tab for each example', async () => {
    const titles = await page.getByRole('tab').allInnerTexts();
    expect(titles.length).toBeGreaterThanOrEqual(6);
    expect(titles[0]).toBe('RegisteredModels');
  });

  test('runs the first example and shows its data', async () => {
    const { data } = await gateway.query(readFileSync(FIRST_EXAMPLE, 'utf8'));
    const [model] = data.registeredModels.nodes;
    await page.getByRole('button', { name: /^Execute query/ }).click();
    const response = page.locator('.graphiql-response .view-lines');
    await expect.poll(() => response.textContent()).toContain(`"${model.name}"`);
    expect(await response.textContent()).not.toContain('"errors"');
    await page.screenshot({ path: join(folder, 'playground.png') }); // a page that paints
  });

  test('shows the descriptions of the schema', async () => {
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    const docs = page.locator('.graphiql-doc-explorer');
    await docs.getByRole('link', { name: 'Query' }).click();
    await expect.poll(() => docs.textContent()).toContain('The objects with these global ids, in their order');
  });

  test('marks a field that the schema does not have', async () => {
    await page.getByRole('tab').nth(1).click();
    await page.locator('.graphiql-query-editor .view-line').first().click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('{ nothing }');
    await page.locator('.graphiql-query-editor .squiggly-error').first().waitFor();
  });

  test('asks nobody else, breaks no policy and logs no error', async () => {
    expect(trouble).toEqual([]);
    await page.evaluate("fetch('http://127.0.0.1:9/').catch(() => {})"); // what would be noticed
    expect(trouble.join()).toContain('violates the following Content Security Policy');
  });
});

/** Fills up with what a page should not do, while it does. */
function watch(page: Page, origin: string): string[] {
  const trouble: string[] = [];
  page.on('pageerror', (error) => trouble.push(`threw ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') trouble.push(`logged ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol !== 'data:') trouble.push(`asked ${url}`);
  });
  page.on('requestfailed', (request) => trouble.push(`could not have ${request.url()}`));
  page.on('response', (response) => {
    if (!response.ok()) trouble.push(`got ${response.status()} for ${response.url()}`);
  });
  return trouble;
}
