import { writeFileSync } from 'node:fs';

import { CLI_PAGE, cliPage } from './cli-page.ts';

/** docs/cli.md: what the commands say of themselves. */
writeFileSync(CLI_PAGE, await cliPage());
