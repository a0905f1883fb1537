import { existsSync, readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';

import { readRest } from '../../src/rest.ts';
import { createSchema } from '../../src/schema.ts';
import { sharedFile } from '../reference/require.ts';
import { missing, type OpenApi } from './contract.ts';

const FILES = {
  v1alpha3: 'docs/api/openapi.json',
  v1: 'docs/api/openapi-v1.json',
  'modelgraph-v1': 'docs/api/openapi-modelgraph-v1.json',
};
const CONTRACT = sharedFile('contracts/rest-v1alpha3.openapi.json');
const documents = new Map(readRest(createSchema()).map(({ api, openapi }) => [api.name, openapi]));

describe.each(Object.entries(FILES))('the OpenAPI document of %s', (name, file) => {
  const text = documents.get(name) ?? '{}';

  test('is committed as it is served', () => {
    const printed = `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
    expect(printed === readFileSync(file, 'utf8'), 'it has changed: run npm run print-openapi and commit it').toBe(
      true,
    );
  });

  test('is valid', async () => {
    const { valid, errors } = await new Validator().validate(JSON.parse(text));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  test('has examples that fit their components', () => {
    const { schemas } = (JSON.parse(text) as OpenApi).components as {
      schemas: Record<string, { example?: unknown; properties?: object; oneOf?: object[] }>;
    };
    const ajv = new Ajv({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'api', components: { schemas } });
    const given = Object.entries(schemas).filter(([, { example }]) => example !== undefined);
    expect(given.length).toBeGreaterThan(name === 'modelgraph-v1' ? 0 : 20);
    for (const [component, { example }] of given) {
      const validate = ajv.compile({ $ref: `api#/components/schemas/${component}` });
      expect(validate(example) || validate.errors, component).toBe(true);
    }
  });
});

test.each(['v1alpha3', 'v1'])(
  'everything in the document of %s has a description, each component an example',
  (name) => {
    const { paths, components } = JSON.parse(documents.get(name) ?? '{}') as {
      paths: Record<
        string,
        Record<string, { description?: string; parameters: { name: string; description?: string }[] }>
      >;
      components: {
        schemas: Record<string, Described & { example?: unknown; properties?: Record<string, Described> }>;
      };
    };
    const operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ at: `${method} ${path}`, ...operation })),
    );
    const bare = [
      ...operations.filter(({ description }) => !description).map(({ at }) => at),
      ...operations.flatMap(({ at, parameters }) =>
        parameters.filter(({ description }) => !description).map((each) => `${at}: ${each.name}`),
      ),
      ...Object.entries(components.schemas).flatMap(([component, schema]) => [
        ...(schema.description && schema.example !== undefined ? [] : [component]),
        ...Object.entries(schema.properties ?? {})
          .filter(([, { description, $ref }]) => !description && !$ref)
          .map(([member]) => `${component}.${member}`),
      ]),
    ];
    expect(bare).toEqual([]);
  },
);

interface Described {
  readonly $ref?: string;
  readonly description?: string;
}

test('v1 has all operations of v1alpha3 but those of experiments', () => {
  const ids = (name: string) =>
    Object.values((JSON.parse(documents.get(name) ?? '') as OpenApi).paths).flatMap((item) =>
      Object.values(item).flatMap((operation) => ('operationId' in operation ? [operation.operationId] : [])),
    );
  expect(ids('v1alpha3')).toHaveLength(56);
  expect(ids('v1')).toEqual(ids('v1alpha3').filter((id) => !id.includes('Experiment')));
  expect(ids('v1')).toHaveLength(40);
});

describe.skipIf(missingContract())('the contract', () => {
  const contract = () => JSON.parse(readFileSync(CONTRACT, 'utf8')) as OpenApi;
  const ours = () => JSON.parse(documents.get('v1alpha3') ?? '{}') as OpenApi;

  test('is wholly in our document', () => {
    expect(Object.keys(contract().paths).length).toBeGreaterThan(30);
    expect(missing(contract(), ours())).toEqual([]);
  });

  test.each([
    [
      'an operation',
      '/api/model_registry/v1alpha3/artifact',
      'get /api/model_registry/v1alpha3/artifact: findArtifact',
    ],
  ])('%s that lacks is found', (_what, path, expected) => {
    const { [path]: _gone, ...paths } = ours().paths;
    expect(missing(contract(), { ...ours(), paths })).toEqual([expected]);
  });

  test.each([
    ['a parameter', /"name":"stepIds"/g, '"name":"steps"', 'getExperimentRunMetricHistory: query stepIds'],
    ['a member', /"libraryName"/g, '"library"', 'createRegisteredModel: body.libraryName'],
    [
      'a required member',
      /"registeredModelId","name"/g,
      '"name"',
      'createModelVersion: body.registeredModelId required',
    ],
    ['a type', /"type":"integer"/g, '"type":"number"', 'getArtifacts: answer.pageSize: number, not integer'],
    ['a value of an enum', /"ARCHIVED"/g, '"GONE"', 'createExperiment: body.state: the value ARCHIVED'],
    ['a kind of artifact', /"metric":/g, '"metrics":', 'getArtifacts: answer.items[]<metric>'],
  ])('%s that lacks is found', (_what, pattern, replacement, expected) => {
    const changed = JSON.parse(JSON.stringify(ours()).replaceAll(pattern, replacement)) as OpenApi;
    expect(missing(contract(), changed)).toContain(expected);
  });
});

function missingContract(): string | undefined {
  if (existsSync(CONTRACT)) return undefined;
  const reason = `skipped: no ${CONTRACT}`;
  if (process.env.MODELGRAPH_TEST_REQUIRE === 'all') throw new Error(`MODELGRAPH_TEST_REQUIRE=all, but ${reason}`);
  return reason;
}
