import { describe, expect, test } from 'vitest';

import { STORE_KINDS } from '../harness.ts';
import { requireReference } from '../reference/require.ts';
import { ask } from './ask.ts';
import { BASE, type Body, openRegistry } from './registry.ts';

const text = (value: string) => ({ metadataType: 'MetadataStringValue', string_value: value });

/** Query parameters of lists, and what is said of each. */
const WRONG_QUERIES: readonly (readonly [query: string, message: RegExp])[] = [
  ['nextPageToken=x', /^'nextPageToken': The cursor is not one of this list: /],
  ['nextPageToken=!', /^'nextPageToken': The cursor is not one of this list: it is not base64url/],
  ['pageSize=0', /^'pageSize' is 0; it has to be at least 1\.$/],
  ['pageSize=x', /^'pageSize' has to be a whole number\.$/],
  ['orderBy=NAME', /^'NAME' is no value of 'orderBy'; it has to be /],
  ['filterQuery=(', /^filterQuery is wrong at character 2: /],
  ['filterQuery=name=1', /^filterQuery is wrong at character /],
];

/** Every list, below the base; those that need one are of the rows that the test makes. */
const LISTS = (ids: Readonly<Record<string, string>>) => [
  ...['registered_models', 'model_versions', 'artifacts', 'model_artifacts', 'serving_environments'],
  ...['inference_services', 'experiments', 'experiment_runs', 'experiment_runs/metric_history'],
  ...[`registered_models/${ids['model']}/versions`, `model_versions/${ids['version']}/artifacts`],
  ...[`experiments/${ids['experiment']}/experiment_runs`, `experiment_runs/${ids['run']}/artifacts`],
  ...[`experiment_runs/${ids['run']}/metric_history`, `serving_environments/${ids['environment']}/inference_services`],
  `inference_services/${ids['service']}/serves`,
];

describe.each(STORE_KINDS)('what is wrong is told by the names of the request, over the %s store', (kind) => {
  describe.skipIf(kind === 'remote' && requireReference())('', () => {
    test('in the parameters of every list', async () => {
      await using registry = await openRegistry(kind);
      const { id: model } = await registry.made('registered_models', { name: 'm' });
      const { id: version } = await registry.made('model_versions', { name: 'v', registeredModelId: model });
      const { id: environment } = await registry.made('serving_environments', { name: 'e' });
      const service = { name: 's', registeredModelId: model, servingEnvironmentId: environment };
      const { id: experiment } = await registry.made('experiments', { name: 'x' });
      const ids = {
        ...{ model, version, environment, experiment },
        service: (await registry.made('inference_services', service)).id,
        run: (await registry.made('experiment_runs', { experimentId: experiment })).id,
      };
      for (const path of LISTS(ids)) {
        for (const [query, message] of WRONG_QUERIES) {
          const { status, json } = await ask(registry.url, 'GET', `${BASE}/${path}?${query}`);
          expect(json, `${path}?${query}`).toEqual({ code: 'Bad Request', message: expect.stringMatching(message) });
          expect(status).toBe(400);
        }
      }
    });

    test('in the members of bodies', async () => {
      await using registry = await openRegistry(kind);
      const { id: experimentId } = await registry.made('experiments', { name: 'x' });
      const run = await registry.made('experiment_runs', { experimentId });
      const model = await registry.made('registered_models', { name: 'm' });
      const artifacts = `experiment_runs/${run.id}/artifacts`;
      const told: readonly (readonly [method: string, path: string, body: object, message: RegExp])[] = [
        ['POST', 'registered_models', { name: 'a\0b' }, /^'name': It has a character U\+0000/],
        ['POST', 'registered_models', { name: 'a', logo: 'a b' }, /^'logo': A URI has no spaces/],
        ['POST', 'registered_models', { name: 'a', owner: '\ud800' }, /^'owner': It has half of a surrogate pair/],
        [
          ...['POST', 'registered_models'],
          { name: 'a', customProperties: { fine: text('x'), odd: text('a\0b') } },
          /^'customProperties\.odd\.string_value': It has a character U\+0000/,
        ] as unknown as readonly [string, string, object, RegExp],
        [
          ...['POST', `registered_models/${model.id}/versions`],
          { name: 'v', registeredModelId: model.id, createTimeSinceEpoch: 5 },
          /^'createTimeSinceEpoch' has to be a string\.$/,
        ] as unknown as readonly [string, string, object, RegExp],
        ['POST', 'model_versions', { name: 'v', registeredModelId: 'x' }, /^'registeredModelId': It is not an id; /],
        ['POST', 'experiment_runs', { experimentId, startTimeSinceEpoch: 'x' }, /^'startTimeSinceEpoch' has to be /],
        ['PATCH', `experiment_runs/${run.id}`, { endTimeSinceEpoch: 1 }, /^'endTimeSinceEpoch' has to be /],
        [
          'PATCH',
          `registered_models/${model.id}`,
          { customProperties: { a: text('\0') } },
          /^'customProperties\.a\.string_value': It /,
        ],
        ['POST', artifacts, { artifactType: 'doc-artifact', id: 'x' }, /^'id': It is not an id; /],
        ['POST', artifacts, { artifactType: 'metric', name: 'm' }, /^'value': A new metric has to have it/],
        ['POST', artifacts, { artifactType: 'metric', value: 1 }, /^'name': A new metric has to have a name/],
      ];
      for (const [method, path, body, message] of told) {
        const { status, json } = await ask(registry.url, method, `${BASE}/${path}`, { body });
        expect(json, JSON.stringify(body)).toEqual({ code: 'Bad Request', message: expect.stringMatching(message) });
        expect(status).toBe(400);
      }
    });

    test('ids of artifacts that there are: one is changed and attached; other creates take none', async () => {
      await using registry = await openRegistry(kind);
      const model = await registry.made('registered_models', { name: 'm' });
      const versions = await Promise.all(
        ['v1', 'v2'].map((name) => registry.made('model_versions', { name, registeredModelId: model.id })),
      );
      const [one, two] = versions.map(({ id }: Body) => `model_versions/${id}/artifacts`);
      const post = (path: string | undefined, body: object) => ask(registry.url, 'POST', `${BASE}/${path}`, { body });
      const made = await post(one, { artifactType: 'model-artifact', name: 'a', uri: 's3://1' });
      const { id } = made.json as Body;
      const changed = await post(one, { artifactType: 'model-artifact', id, uri: 's3://2' });
      expect([made.status, changed.status]).toEqual([201, 200]);
      const attached = await post(two, { artifactType: 'model-artifact', id, description: 'both' });
      expect([attached.status, attached.json]).toMatchObject([200, { id, uri: 's3://2', description: 'both' }]);
      for (const path of [one, two]) expect((await registry.got(path ?? '')).items).toEqual([attached.json]);
      expect((await post(one, { artifactType: 'model-artifact', id: '999999' })).status).toBe(404);
      expect((await post(one, { artifactType: 'doc-artifact', id })).status).toBe(404);
      const creates: readonly (readonly [path: string, body: object])[] = [
        ['registered_models', {}],
        ['model_versions', { registeredModelId: model.id }],
        [`registered_models/${model.id}/versions`, { registeredModelId: model.id }],
        ['serving_environments', {}],
        ['experiments', {}],
        ['model_artifacts', {}],
      ];
      for (const [path, body] of creates) {
        const { status, json } = await post(path, { name: 'x', ...body, id: '1' });
        expect([path, status, json]).toEqual([path, 400, { code: 'Bad Request', message: 'json: unknown field "id"' }]);
      }
      for (const name of ['name', 'registeredModelId']) {
        const { status, json } = await ask(registry.url, 'PATCH', `${BASE}/model_versions/${versions[0].id}`, {
          body: { [name]: '1' },
        });
        expect([status, json]).toMatchObject([400, { message: `json: unknown field "${name}"` }]);
      }
    });

    test('the history of metrics is filtered as other lists are, also by an OR between properties', async () => {
      await using registry = await openRegistry(kind);
      const experiment = await registry.made('experiments', { name: 'x' });
      const run = await registry.made('experiment_runs', { experimentId: experiment.id });
      for (let step = 1; step <= 5; step += 1) {
        const body = { artifactType: 'metric', name: 'loss', value: step / 10, step, timestamp: `${step}` };
        await registry.posted(`experiment_runs/${run.id}/artifacts`, body);
      }
      await registry.posted(`experiment_runs/${run.id}/artifacts`, { artifactType: 'metric', name: 'f1', value: 0.1 });
      const steps = async (filter: string, more = '') => {
        const query = `filterQuery=${encodeURIComponent(filter)}${more}`;
        const pages = [`experiment_runs/${run.id}/metric_history`, 'experiment_runs/metric_history'].map(
          async (path) => {
            const { items, nextPageToken } = await registry.got(`${path}?${query}`);
            return [items.map(({ step }: Body) => step), nextPageToken] as const;
          },
        );
        const [ofRun, ofAll] = await Promise.all(pages);
        expect(ofAll).toEqual(ofRun);
        return ofRun ?? [[], ''];
      };
      expect((await steps('step = 1 OR value > 0.35'))[0]).toEqual([1, 4, 5]);
      expect((await steps('value < 0.15 OR value > 0.45', '&name=loss'))[0]).toEqual([1, 5]);
      expect((await steps("step = 2 OR timestamp = '2' OR value = 0.3"))[0]).toEqual([2, 3]);
      expect((await steps('step = 1 OR value > 0.25', '&orderBy=ID&sortOrder=DESC'))[0]).toEqual([5, 4, 3, 1]);
      expect((await steps('step = 99 OR value > 99'))[0]).toEqual([]);
      const [first, token] = await steps('step = 1 OR value > 0.25', '&name=loss&pageSize=2');
      expect(first).toEqual([1, 3]);
      const [second, end] = await steps(
        'step = 1 OR value > 0.25',
        `&name=loss&pageSize=2&nextPageToken=${encodeURIComponent(String(token))}`,
      );
      expect([second, end]).toEqual([[4, 5], '']);
      const { status, json } = await ask(
        registry.url,
        'GET',
        `${BASE}/experiment_runs/${run.id}/metric_history?filterQuery=${encodeURIComponent('step = 1 OR nothing(')}`,
      );
      expect([status, json]).toMatchObject([
        400,
        { message: expect.stringMatching(/^filterQuery is wrong at character /) },
      ]);
    });
  });
});
