import { describe, expect, test } from 'vitest';

import { launchBrowser, requireChromium } from '../browser.ts';
import { openHarness } from '../harness.ts';

const missing = requireChromium();

describe.skipIf(missing)('the page of the REST APIs in a browser', () => {
  test('shows each operation, sends a request, and asks nobody else', { timeout: 60_000 }, async () => {
    await using gateway = await openHarness();
    const browser = await launchBrowser();
    await using _closed = { [Symbol.asyncDispose]: () => browser.close() };
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const trouble: string[] = [];
    page.on('pageerror', (error) => trouble.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
    page.on('request', (request) => {
      if (!request.url().startsWith(gateway.url) && !request.url().startsWith('data:')) trouble.push(request.url());
    });
    expect((await page.goto(`${gateway.url}/api/docs`))?.status(), 'is it built?').toBe(200);
    await expect.poll(() => page.locator('.opblock').count(), { timeout: 20_000 }).toBe(56);
    await page.locator('#operations-registered_models-getRegisteredModels .opblock-summary-control').first().click();
    await page.getByRole('button', { name: 'Execute' }).click();
    const answer = page.locator('.live-responses-table .highlight-code').first();
    await expect.poll(() => answer.textContent(), { timeout: 10_000 }).toContain('"nextPageToken": ""');
    await page.locator('#api').selectOption('v1');
    await expect.poll(() => page.locator('.opblock').count(), { timeout: 20_000 }).toBe(40);
    expect(trouble).toEqual([]);
  });
});
