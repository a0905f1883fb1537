import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { CLI_PAGE, cliPage } from '../../tools/cli-page.ts';

test('docs/cli.md says what the commands say of themselves', async () => {
  const page = await cliPage();
  expect(page === readFileSync(CLI_PAGE, 'utf8'), 'a command has changed: run `npm run print-cli` and commit it').toBe(
    true,
  );
});
