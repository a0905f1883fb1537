import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

import { openHarness, type StoreKind } from '../harness.ts';
import { expectNoLeak } from '../leaks.ts';
import { requireReference, sharedFile } from '../reference/require.ts';
import type { OpenApi, Schema } from './contract.ts';
import { type Finding, type Fuzzed, type FuzzOptions, fuzz, missingFuzzer } from './schemathesis.ts';
import { seed } from './world.ts';

const CONTRACT = sharedFile('contracts/rest-v1alpha3.openapi.json');
const OWN = '/api/model_registry/v1alpha3/openapi.json';

/** Without a finding whatever the list says, by the names of schemathesis. */
const STRICT = [
  ...['not_a_server_error', 'response_schema_conformance', 'status_code_conformance', 'content_type_conformance'],
  'unsupported_method',
];

/** What else is looked for; its findings have to be in the list. */
const LISTED = ['negative_data_rejection', 'positive_data_acceptance'];

/** Of the contract, which says less than is so. */
const CONTRACT_CHECKS = ['not_a_server_error', 'response_schema_conformance'];

/** The findings of the checks that may be in the list. */
const LISTABLE = ['ST201', 'ST202'];

describe.skipIf(missingFuzzer(CONTRACT))('schemathesis', () => {
  test('finds nothing in our own document but what is listed', { timeout: 900_000 }, async () => {
    const found = await fuzzed('embedded', OWN, { checks: [...STRICT, ...LISTED], examples: 16 });
    expectWhole(found, 7_000);
    expect(found.findings.filter(({ check }) => !LISTABLE.includes(check.slice(0, 5)))).toEqual([]);
    const listed = readFileSync(resolve(import.meta.dirname, 'fuzz-findings.txt'), 'utf8')
      .trim()
      .split('\n');
    expect(listed.length).toBeLessThanOrEqual(10);
    const rows = listed.map((line) => line.split(' | '));
    const fits = ([operation = '', check = '']: readonly string[], finding: Finding) =>
      toPattern(operation).test(finding.operation) && toPattern(check).test(finding.check);
    const unlisted = found.findings.filter((finding) => !rows.some((row) => fits(row, finding)));
    const unused = rows.filter((row) => !found.findings.some((finding) => fits(row, finding)));
    expect({ unlisted, unused }).toEqual({ unlisted: [], unused: [] });
    // Whatever goes was sent in each place that has a format, and most of it was refused.
    for (const place of ['filterQuery', 'nextPageToken', 'struct_value']) {
      expect(found.sent[`${place} 400`], JSON.stringify(found.sent)).toBeGreaterThan(10);
    }
    expect(Object.keys(found.sent).filter((each) => !/ (200|201|304|400|404|409|412)$/.test(each))).toEqual([]);
  });

  test('makes no answer to the contract that fails or breaks a schema', { timeout: 900_000 }, async () => {
    using contract = writtenContract();
    const found = await fuzzed('embedded', contract.file, { checks: CONTRACT_CHECKS, examples: 8 });
    expectWhole(found, 4_000);
    expect(found.findings, found.output.slice(0, 10_000)).toEqual([]);
  });

  test.skipIf(requireReference())('nor over an MLMD server', { timeout: 900_000 }, async () => {
    const found = await fuzzed('remote', OWN, { checks: STRICT, examples: 6, randomOnly: true });
    expectWhole(found, 300);
    expect(found.findings, found.output.slice(0, 10_000)).toEqual([]);
  });
});

async function fuzzed(kind: StoreKind, document: string, options: FuzzOptions): Promise<Fuzzed> {
  await using harness = await openHarness({ kind });
  await seed(harness.url);
  const source = document.startsWith('/api') ? `${harness.url}${document}` : document;
  return await fuzz(source, harness.url, options);
}

/** All operations were tried, without an error of the network, by so many requests at least. */
function expectWhole({ output, cases, refusals }: Fuzzed, least: number): void {
  expect(refusals.length).toBeGreaterThan(50);
  for (const body of refusals) expectNoLeak(body);
  expect(output.slice(-3_000)).toMatch(/Tested: 56\n/);
  // What it cannot negate ends the random requests to an operation now and then: a limit of its own.
  const errors = [...output.matchAll(/^ {2}🚫 (\w+ Error): (\d+)$/gm)].map(([, kind, count]) => [kind, Number(count)]);
  const isLimit = output.includes('a `not` whose complement is not spelled out');
  expect(errors, output.slice(0, 6_000)).toEqual(isLimit ? [['Schema Error', expect.toBeOneOf([1, 2])]] : []);
  expect(cases, output.slice(-2_000)).toBeGreaterThan(least);
}

/** `*` is anything, `{a,b*}` either. */
function toPattern(text: string): RegExp {
  const parts = text.split(/(\{[^}]*,[^}]*\})/).map((part) => {
    const cases = /^\{(.*,.*)\}$/.exec(part)?.[1];
    return cases === undefined ? escaped(part) : `(${cases.split(',').map(escaped).join('|')})`;
  });
  return new RegExp(`^${parts.join('')}$`, 's');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&').replaceAll('*', '.*');
}

/** The contract as a file, with what only its discriminators say. */
function writtenContract() {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-fuzz-'));
  const file = join(folder.path, 'contract.json');
  writeFileSync(file, JSON.stringify(byDiscriminator(JSON.parse(readFileSync(CONTRACT, 'utf8')))));
  return { file, [Symbol.dispose]: () => folder.remove() };
}

/** Cases of a `oneOf` that only fit where the discriminator says so: in the contract, one artifact fits several. */
function byDiscriminator(contract: OpenApi): OpenApi {
  const schemas = contract.components.schemas as Readonly<Record<string, Schema>>;
  const values = new Map<string, [string, string]>();
  for (const { discriminator } of Object.values(schemas)) {
    if (!discriminator) continue;
    for (const [value, ref] of Object.entries(discriminator.mapping)) {
      values.set(ref.split('/').at(-1) ?? '', [discriminator.propertyName, value]);
    }
  }
  const told = Object.entries(schemas).map(([name, schema]) => {
    const [property = '', value] = values.get(name) ?? [];
    const only = {
      type: 'object',
      required: [property],
      properties: { [property]: { type: 'string', enum: [value] } },
    };
    return [name, value === undefined ? schema : { allOf: [schema, only] }];
  });
  return { ...contract, components: { ...contract.components, schemas: Object.fromEntries(told) } };
}
