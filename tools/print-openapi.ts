import { writeFileSync } from 'node:fs';

import { readRest } from '../src/rest.ts';
import { createSchema } from '../src/schema.ts';

/** The file of each API's OpenAPI document, by the API's name. */
const FILES: Readonly<Record<string, string>> = { v1alpha3: 'openapi.json' };

// npm run print-openapi: docs/api/openapi*.json, as the gateway serves them.
for (const { api, openapi } of readRest(createSchema())) {
  const file = FILES[api.name] ?? `openapi-${api.name}.json`;
  writeFileSync(new URL(`../docs/api/${file}`, import.meta.url), `${JSON.stringify(JSON.parse(openapi), null, 2)}\n`);
}
