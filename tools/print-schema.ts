import { writeFileSync } from 'node:fs';

import { printedSchema } from '../src/schema.ts';

/** docs/api/schema.graphql: the whole schema on one page, for readers and for the diff of a change. */
writeFileSync(new URL('../docs/api/schema.graphql', import.meta.url), printedSchema());
