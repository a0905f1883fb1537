import { execFile } from 'node:child_process';
import { existsSync, mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

import { openHarness } from '../harness.ts';
import { sharedFile } from '../reference/require.ts';
import type { OpenApi, Schema } from './contract.ts';
import { seed } from './world.ts';

const SCHEMATHESIS = resolve(import.meta.dirname, '../../.cache/schemathesis-venv/bin/schemathesis');
const CONTRACT = sharedFile('contracts/rest-v1alpha3.openapi.json');
const OWN = '/api/model_registry/v1alpha3/openapi.json';

/** Without a finding whatever the list says, by the names of schemathesis. */
const STRICT =
  'not_a_server_error,response_schema_conformance,status_code_conformance,content_type_conformance,unsupported_method';

/** What else is looked for; its findings have to be in the list. */
const LISTED = 'negative_data_rejection,positive_data_acceptance';

/** Examples for each operation in the phase of fuzzing; about a minute each time. */
const EXAMPLES = '12';

describe.skipIf(missing())('schemathesis', () => {
  test('finds nothing in our own document but what is listed', { timeout: 300_000 }, async () => {
    const { output, findings, cases } = await fuzz(OWN, `${STRICT},${LISTED}`);
    expect(cases, output.slice(-2_000)).toBeGreaterThan(4_000);
    const listed = readFileSync(resolve(import.meta.dirname, 'fuzz-findings.txt'), 'utf8')
      .trim()
      .split('\n');
    expect(listed.length).toBeLessThanOrEqual(10);
    const rows = listed.map((line) => line.split(' | '));
    const fits = ([pattern = '', code = '']: readonly string[], finding: Finding) =>
      finding.code === code && toPattern(pattern).test(finding.operation);
    expect(findings.filter((finding) => !rows.some((row) => fits(row, finding)))).toEqual([]);
    expect(rows.filter((row) => !findings.some((finding) => fits(row, finding)))).toEqual([]);
  });

  test('makes no answer to the contract that fails or breaks a schema', { timeout: 300_000 }, async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-fuzz-'));
    const file = join(folder.path, 'contract.json');
    writeFileSync(file, JSON.stringify(byDiscriminator(JSON.parse(readFileSync(CONTRACT, 'utf8')))));
    const { output, findings, cases } = await fuzz(file, 'not_a_server_error,response_schema_conformance');
    expect(cases, output.slice(-2_000)).toBeGreaterThan(4_000);
    expect(findings, output.slice(0, 10_000)).toEqual([]);
  });
});

interface Finding {
  readonly operation: string;
  readonly code: string;
}

async function fuzz(document: string, checks: string) {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-fuzz-'));
  await using harness = await openHarness();
  await seed(harness.url);
  const source = document.startsWith('/api') ? `${harness.url}${document}` : document;
  const phases = ['--phases', 'examples,coverage,fuzzing', '--workers', '1', '--seed', '1', '--no-color'];
  const args = ['run', source, '--url', harness.url, '-c', checks, '-n', EXAMPLES, ...phases];
  const env = { ...process.env, SCHEMATHESIS_HOOKS: 'fuzz_hooks', PYTHONPATH: import.meta.dirname };
  // It ends with 1 where there are findings, also listed ones.
  const { promise, resolve: ended } = Promise.withResolvers<string>();
  execFile(SCHEMATHESIS, args, { cwd: folder.path, env, maxBuffer: 2 ** 26 }, (_error, out) => ended(out));
  const output = await promise;
  return { output, findings: findingsIn(output), cases: Number(/(\d+) generated/.exec(output)?.[1] ?? 0) };
}

/** `*` is anything, `{a,b}` either, `{id}` any parameter at the end. */
function toPattern(text: string): RegExp {
  const escaped = text
    .replace('{id}', '\\{\\w+\\}')
    .replace(/\{([\w,]+)\}/, (_all, names: string) => `(${names.replaceAll(',', '|')})`)
    .replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`);
}

/** `____ GET /path ____`, then `- ST201 …` for each finding of that operation. */
function findingsIn(output: string): Finding[] {
  let operation = '';
  return output.split('\n').flatMap((line) => {
    operation = /^_+ ([A-Z]+ \/\S+) _+$/.exec(line)?.[1] ?? operation;
    const code = /^- (ST\d+) /.exec(line)?.[1];
    return code === undefined ? [] : [{ operation, code }];
  });
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

function missing(): string | undefined {
  const absent = [SCHEMATHESIS, CONTRACT].filter((path) => !existsSync(path));
  if (absent.length === 0) return undefined;
  const reason = `skipped: no ${absent.join(' and no ')}`;
  if (process.env.MODELGRAPH_TEST_REQUIRE === 'all') throw new Error(`MODELGRAPH_TEST_REQUIRE=all, but ${reason}`);
  return reason;
}
