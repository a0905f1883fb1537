import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's; Playwright's own would be a download. */
const CHROMIUM = '/usr/bin/chromium';

/** As root it cannot make its sandbox; the rest keeps it from calling home. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser without a window; close it in the end. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: QUIET });
}

/** Why a browser cannot be had here; throws where it has to be. */
export function requireChromium(): string | undefined {
  if (existsSync(CHROMIUM)) return undefined;
  const reason = `skipped: no ${CHROMIUM}`;
  if (process.env.MODELGRAPH_TEST_REQUIRE === 'all') throw new Error(`MODELGRAPH_TEST_REQUIRE=all, but ${reason}`);
  return reason;
}
