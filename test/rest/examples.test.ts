import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { openHarness, STORE_KINDS } from '../harness.ts';
import { requireReference, sharedFile } from '../reference/require.ts';
import { ask, type RestResponse } from './ask.ts';

const EXAMPLES = sharedFile('contracts/rest-examples.jsonl');
const BASE = '/api/model_registry/v1alpha3';

interface Example {
  readonly operationId: string | null;
  readonly request: { method: string; path: string; query?: Record<string, string>; body?: unknown };
  readonly response: { readonly status: number; readonly body: unknown };
}

/** A request that is no example, but made what later ones show. */
type Extra = readonly [method: string, path: string, body: object];

/** What happened before an example, by its number from 0: the recording left it out. */
const BEFORE: Readonly<Record<number, readonly Extra[]>> = {
  2: ['rm-two', 'rm-three', 'rm-four', 'rm-five'].map((name) => ['POST', '/registered_models', { name }] as const),
  5: [['POST', '/registered_models/2/versions', { name: 'v1', registeredModelId: '2' }]],
  9: ['model:latest', 'v3'].map((name) => ['POST', '/model_versions', { name, registeredModelId: '1' }] as const),
  14: [
    ['POST', '/model_artifacts', { uri: 's3://x' }],
    ['POST', '/model_artifacts', { name: 'ma-one', uri: 'other' }],
  ],
  15: [
    [
      'POST',
      '/artifacts',
      { artifactType: 'doc-artifact', name: 'doc-one', uri: 'https://d', externalId: 'ext-doc-1' },
    ],
    [
      'POST',
      '/artifacts',
      {
        ...{ artifactType: 'dataset-artifact', name: 'ds-one', uri: 's3://ds', state: 'LIVE', digest: 'sha' },
        ...{ sourceType: 's3', source: 'src', schema: 'sch', profile: 'pro' },
      },
    ],
  ],
  17: [['PATCH', '/artifacts/6', { artifactType: 'dataset-artifact', digest: 'sha2' }]],
  21: [
    ['POST', '/model_versions/6/artifacts', { artifactType: 'model-artifact', id: '7', uri: 's3://v1b' }],
    ['POST', '/model_versions/6/artifacts', { artifactType: 'doc-artifact', uri: 'https://readme' }],
    ['POST', '/model_versions/6/artifacts', { artifactType: 'dataset-artifact', name: 'ds-v1', uri: 's3://ds1' }],
  ],
  22: [['PATCH', '/artifacts/2', { artifactType: 'model-artifact', uri: 's3://x2' }]],
  37: [['POST', '/inference_services/12/serves', { modelVersionId: '6' }]],
  48: [['POST', '/experiment_runs', { experimentId: '14' }]],
  51: [
    [
      'POST',
      '/experiment_runs/15/artifacts',
      { artifactType: 'metric', name: 'loss', value: 0.5, step: 2, timestamp: '1000000002000' },
    ],
    [
      'POST',
      '/experiment_runs/15/artifacts',
      { artifactType: 'parameter', name: 'lr', value: '0.1', parameterType: 'number' },
    ],
    ['POST', '/experiment_runs/15/artifacts', { artifactType: 'model-artifact', name: 'out', uri: 's3://out' }],
  ],
};

/** The ids that the recording had. */
const IDS: Readonly<Record<string, string>> = {
  ...{
    'ctx.rm1': '1',
    'ctx.rm2': '2',
    'ctx.mv1': '6',
    'ctx.se1': '11',
    'ctx.is1': '12',
    'ctx.ex1': '14',
    'ctx.er1': '15',
  },
  ...{ 'art.ma1': '1', 'art.doc1': '5', 'art.ds1': '6' },
};

/** Errors whose words clients' tests assert; of others only the code counts. */
const ASSERTED = /^(required field '\w+' is zero value\.|json: unknown field "\w+")$/;

describe.skipIf(missingExamples())('the recorded exchanges', () => {
  describe.each(STORE_KINDS)('over the %s store', (kind) => {
    test.skipIf(kind === 'remote' && requireReference())('are answered as they were', async () => {
      await using harness = await openHarness({ kind });
      const examples = readExamples();
      expect(examples.length).toBeGreaterThan(60);
      let page: RestResponse | undefined;
      for (const [index, { request, response }] of examples.entries()) {
        for (const [method, path, body] of BEFORE[index] ?? []) {
          const { status, json } = await ask(harness.url, method, `${BASE}${path}`, { body });
          expect([status, json], `before ${index}`).toEqual([expect.toBeOneOf([200, 201]), expect.anything()]);
        }
        if (index === 3) page = await ask(harness.url, 'GET', `${BASE}/registered_models?pageSize=4`);
        const tokens = { 'tok.rm2': String((page?.json as { nextPageToken?: string })?.nextPageToken) };
        const filled = fill(request, { ...IDS, ...tokens });
        const query = filled.query ? `?${new URLSearchParams(filled.query)}` : '';
        const answer = await ask(harness.url, filled.method, `${filled.path}${query}`, { body: filled.body });
        const told = { status: answer.status, body: comparable(answer.json) };
        expect(told, `example ${index}: ${JSON.stringify(filled)}`).toEqual({
          status: response.status,
          body: comparable(response.body),
        });
      }
    });
  });
});

function readExamples(): Example[] {
  return readFileSync(EXAMPLES, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Example);
}

function fill<Value>(value: Value, known: Readonly<Record<string, string>>): Value {
  const text = JSON.stringify(value).replaceAll(/\$\{([\w.]+)\}/g, (all, name: string) => known[name] ?? all);
  expect(text).not.toContain('${');
  return JSON.parse(text) as Value;
}

/** Without what differs each time: times, random names, tokens, and words that nobody asserts. */
function comparable(value: unknown): unknown {
  if (value === '' || value === undefined) return '';
  return JSON.parse(
    JSON.stringify(value, (key, each: unknown) => {
      if (/^(create|lastUpdate)TimeSinceEpoch$/.test(key)) return /^\d{13}$/.test(String(each)) ? 'TIME' : each;
      if (key === 'name') return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(String(each)) ? 'UUID' : each;
      if (key === 'nextPageToken') return each === '' ? '' : 'TOKEN';
      if (key === 'message') return ASSERTED.test(String(each)) ? each : 'MESSAGE';
      return each;
    }),
  );
}

function missingExamples(): string | undefined {
  if (existsSync(EXAMPLES)) return undefined;
  const reason = `skipped: no ${EXAMPLES}`;
  if (process.env.MODELGRAPH_TEST_REQUIRE === 'all') throw new Error(`MODELGRAPH_TEST_REQUIRE=all, but ${reason}`);
  return reason;
}
