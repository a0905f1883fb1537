import { request } from 'node:http';
import { describe, expect, test } from 'vitest';

import { STORE_KINDS, type StoreKind } from '../harness.ts';
import { requireReference } from '../reference/require.ts';
import { ask } from './ask.ts';
import { BASE, type Body, openRegistry } from './registry.ts';

/** Bodies of POST /registered_models, and what is said of each. */
const WRONG_BODIES: readonly (readonly [unknown, RegExp])[] = [
  [{ name: 'a', state: 'SLEEPING' }, /'SLEEPING' is no value of 'state'/],
  [{ name: 'a', language: 'en' }, /'language' has to be a list, and is another string/],
  [{ name: 'a', language: [null] }, /'language' may not have null in it/],
  [{ name: 7 }, /'name' has to be a string, and is a number/],
  [{ name: 'a', customProperties: [] }, /'customProperties' has to be an object, and is a list/],
  [{ name: 'a', customProperties: { x: 'y' } }, /'customProperties.x' has to be a MetadataValue/],
  [{ name: 'a', customProperties: { x: { string_value: 'y' } } }, /'customProperties.x.metadataType' has to be/],
  [
    { name: 'a', customProperties: { x: { metadataType: 'MetadataIntValue', int_value: '9223372036854775808' } } },
    /'customProperties.x.int_value' has to be a whole number of 64 bits, as a string/,
  ],
  [
    { name: 'a', customProperties: { x: { metadataType: 'MetadataStructValue', struct_value: btoa('[1]') } } },
    /'customProperties.x.struct_value' has to be a JSON object in base64/,
  ],
  [{ name: 'a\0b' }, /U\+0000/],
  [{ name: '\ud800' }, /surrogate/],
  [{ name: 'x'.repeat(256) }, /256 characters/],
  ['{"name":"a"', /unexpected EOF/],
  ['', /EOF/],
  ['[]', /The body has to be a JSON object/],
  ['{name}', /no JSON/],
];

describe.each(STORE_KINDS)('routes over the %s store', (kind: StoreKind) => {
  describe.skipIf(kind === 'remote' && requireReference())('', () => {
    test('a PATCH keeps what is absent or null, clears by an empty text, replaces the custom properties as a whole', async () => {
      await using registry = await openRegistry(kind);
      const text = (value: string) => ({ metadataType: 'MetadataStringValue', string_value: value });
      const made = await registry.made('registered_models', {
        ...{ name: 'a', description: 'one', owner: 'o', language: ['en'], tasks: ['t'], state: 'ARCHIVED' },
        customProperties: { a: text('1'), b: text('2') },
      });
      const path = `registered_models/${made.id}`;
      const kept = await registry.changed(path, { owner: null, language: null, description: 'two' });
      expect(kept).toMatchObject({ owner: 'o', language: ['en'], tasks: ['t'], state: 'ARCHIVED', description: 'two' });
      expect(kept.customProperties).toEqual(made.customProperties);
      expect((await registry.changed(path, { description: '' })).description ?? '').toBe('');
      expect(await registry.changed(path, { externalId: 'x' })).toMatchObject({ externalId: 'x' });
      expect(await registry.changed(path, { externalId: '' })).not.toHaveProperty('externalId');
      expect((await registry.made('model_artifacts', { name: '', externalId: '' })).name).toMatch(/^[\da-f-]{36}$/);
      const replaced = await registry.changed(path, { customProperties: { b: text('3'), c: text('4') } });
      expect(replaced.customProperties).toEqual({ b: text('3'), c: text('4') });
      expect((await registry.changed(path, { customProperties: {} })).customProperties).toEqual({});
      expect((await registry.changed(path, { customProperties: null })).customProperties).toEqual({});
    });

    test('values of all kinds go both ways, exactly', async () => {
      await using registry = await openRegistry(kind);
      const customProperties = {
        int: { metadataType: 'MetadataIntValue', int_value: '9223372036854775807' },
        double: { metadataType: 'MetadataDoubleValue', double_value: -0.25 },
        bool: { metadataType: 'MetadataBoolValue', bool_value: false },
        text: { metadataType: 'MetadataStringValue', string_value: '' },
        struct: { metadataType: 'MetadataStructValue', struct_value: btoa('{"a":[1,{"b":null}]}') },
        proto: {
          metadataType: 'MetadataProtoValue',
          type: 'type.googleapis.com/a.B',
          proto_value: btoa('\u0001\u00ff'),
        },
        __proto__x: { metadataType: 'MetadataStringValue', string_value: 'x' },
      };
      const { id } = await registry.made('registered_models', { name: 'a', customProperties });
      expect((await registry.got(`registered_models/${id}`)).customProperties).toEqual(customProperties);
      const experiment = await registry.made('experiments', { name: 'e' });
      const run = await registry.made('experiment_runs', { experimentId: experiment.id, startTimeSinceEpoch: '-1' });
      expect(run.startTimeSinceEpoch).toBe('-1');
      const step = '{"artifactType":"metric","name":"m","value":1,"step":9223372036854775807}';
      await ask(registry.url, 'POST', `${BASE}/experiment_runs/${run.id}/artifacts`, { body: step });
      const response = await fetch(`${registry.url}${BASE}/experiment_runs/${run.id}/artifacts`);
      expect(await response.text()).toContain('"step":9223372036854775807}');
    });

    test('a wrong body is a 400 that says what', async () => {
      await using registry = await openRegistry(kind);
      for (const [body, message] of WRONG_BODIES) {
        const { status, json } = await ask(registry.url, 'POST', `${BASE}/registered_models`, { body });
        expect(json, JSON.stringify(body)).toEqual({ code: 'Bad Request', message: expect.stringMatching(message) });
        expect(status).toBe(400);
      }
    });

    test('what stands behind the first JSON value does not count, nor does Content-Type', async () => {
      await using registry = await openRegistry(kind);
      for (const [index, type] of [
        'text/plain',
        'application/json',
        'a b',
        'multipart/form-data; boundary=x',
      ].entries()) {
        const { status, json } = await ask(registry.url, 'POST', `${BASE}/registered_models`, {
          body: ` {"name":"a${index}}\\"{"} {"name":`,
          headers: { 'content-type': type },
        });
        expect([status, (json as Body).name]).toEqual([201, `a${index}}"{`]);
      }
    });

    test('ids: no number is a 400, none that is there a 404, one of something else a 400', async () => {
      await using registry = await openRegistry(kind);
      const model = await registry.made('registered_models', { name: 'a' });
      const doc = await registry.made('artifacts', { artifactType: 'doc-artifact', name: 'd', uri: 'x' });
      const statuses = async (path: string, ids: readonly string[]) =>
        Promise.all(ids.map(async (id) => (await ask(registry.url, 'GET', `${BASE}/${path}/${id}`)).status));
      const wrong = ['x', '1.5', '9223372036854775808', '1'.repeat(300), '%00', '1x'];
      for (const path of ['registered_models', 'experiments', 'experiment_runs', 'artifacts']) {
        expect(await statuses(path, wrong)).toEqual(wrong.map(() => 400));
        expect(await statuses(path, ['-1', '0', '999999'])).toEqual([404, 404, 404]);
      }
      expect(await statuses('model_versions', [model.id])).toEqual([400]);
      expect(await statuses('model_artifacts', [doc.id])).toEqual([404]);
      expect((await ask(registry.url, 'PATCH', `${BASE}/model_versions/${model.id}`, { body: {} })).status).toBe(400);
      const other = { artifactType: 'model-artifact', description: 'x' };
      expect((await ask(registry.url, 'PATCH', `${BASE}/artifacts/${doc.id}`, { body: other })).status).toBe(400);
    });

    test('lists: pages, their tokens and orders', async () => {
      await using registry = await openRegistry(kind);
      for (let index = 0; index < 103; index += 1) await registry.made('registered_models', { name: `m${index}` });
      const names = async (query: string) => {
        const page = await registry.got(`registered_models?${query}`);
        return { ...page, items: page.items.map(({ name }: Body) => name) };
      };
      const first = await names('pageSize=120');
      expect(first).toMatchObject({ pageSize: 120, size: 100 });
      const rest = await names(`pageSize=120&nextPageToken=${first.nextPageToken}`);
      expect(rest).toEqual({ items: ['m100', 'm101', 'm102'], nextPageToken: '', pageSize: 120, size: 3 });
      expect(await names('')).toMatchObject({ pageSize: 0, size: 20 });
      expect((await names('pageSize=1&sortOrder=DESC')).items).toEqual(['m0']);
      expect((await names('pageSize=1&orderBy=ID')).items).toEqual(['m102']);
      expect((await names('pageSize=1&orderBy=ID&sortOrder=UP')).items).toEqual(['m102']);
      expect((await names('pageSize=1&orderBy=CREATE_TIME&sortOrder=ASC')).items).toEqual(['m0']);
      expect((await names('pageSize=2&pageSize=3&orderBy=')).size).toBe(2);
      for (const query of [
        'pageSize=x',
        'pageSize=-1',
        'pageSize=0',
        'orderBy=NAME',
        'nextPageToken=x',
        'filterQuery=(',
      ]) {
        expect((await ask(registry.url, 'GET', `${BASE}/registered_models?${query}`)).status, query).toBe(400);
      }
    });

    test('lists are filtered in the grammar of REST and in that of MLMD, beside a kind of artifact, by their own names', async () => {
      await using registry = await openRegistry(kind);
      const model = await registry.made('registered_models', { name: 'say "hi"', owner: 'alice', externalId: 'x"1' });
      const version = await registry.made('model_versions', {
        name: 'v:1',
        registeredModelId: model.id,
        externalId: 'v',
      });
      for (const [artifactType, name] of [
        ['doc-artifact', 'd'],
        ['model-artifact', 'm'],
        ['model-artifact', 'n'],
      ]) {
        await registry.posted(`model_versions/${version.id}/artifacts`, { artifactType, name, uri: name });
      }
      const found = async (path: string) => (await registry.got(path)).items.map(({ name }: Body) => name);
      const filter = (text: string) => `filterQuery=${encodeURIComponent(text)}`;
      for (const text of [
        'owner = "alice" AND state = \'LIVE\'',
        "properties.owner.string_value = 'alice'",
        'name LIKE "say%"',
      ]) {
        expect(await found(`registered_models?${filter(text)}`), text).toEqual(['say "hi"']);
      }
      expect(await found(`artifacts?artifactType=model-artifact&${filter('uri != "n"')}`)).toEqual(['m']);
      expect(await found(`model_versions/${version.id}/artifacts?name=d`)).toEqual(['d']);
      expect(await found(`model_versions/${version.id}/artifacts?artifactType=model-artifact&orderBy=ID`)).toEqual([
        'n',
        'm',
      ]);
      expect(await found(`registered_models/${model.id}/versions?name=v:1`)).toEqual(['v:1']);
      expect(await found(`registered_models/${model.id}/versions?externalId=v`)).toEqual(['v:1']);
      expect(await found(`registered_models/${model.id}/versions?name=v`)).toEqual([]);
      expect(await found('registered_models/999999/versions')).toEqual([]);
      const byName = `registered_model?name=${encodeURIComponent('say "hi"')}&externalId=other`;
      expect((await registry.got(byName)).id).toBe(model.id);
      expect((await registry.got(`model_version?name=v:1&externalId=v`)).id).toBe(version.id);
      expect((await ask(registry.url, 'GET', `${BASE}/model_version?name=v:1`)).status).toBe(400);
      const injection = encodeURIComponent('nope" OR name LIKE "say%');
      expect((await ask(registry.url, 'GET', `${BASE}/registered_model?name=${injection}`)).status).toBe(404);
    });

    test('an ETag spares the answer, and keeps a change off that is late', async () => {
      await using registry = await openRegistry(kind);
      const made = await ask(registry.url, 'POST', `${BASE}/model_artifacts`, { body: { name: 'a' } });
      const path = `${BASE}/model_artifacts/${(made.json as Body).id}`;
      const etag = made.headers.get('etag') ?? '';
      expect(etag).toBe(`"${(made.json as Body).lastUpdateTimeSinceEpoch}"`);
      const known = await ask(registry.url, 'GET', path, { headers: { 'if-none-match': `"x", W/${etag}` } });
      expect([known.status, known.json]).toEqual([304, '']);
      const change = (description: string, tag: string) =>
        ask(registry.url, 'PATCH', path, { body: { description }, headers: { 'if-match': tag } });
      const changed = await change('one', etag);
      expect(changed.status).toBe(200);
      expect(changed.headers.get('etag')).not.toBe(etag);
      expect((await change('two', etag)).status).toBe(412);
      expect((await change('two', 'W/"x"')).status).toBe(412);
      expect((await change('two', '*')).status).toBe(200);
      const list = await ask(registry.url, 'GET', `${BASE}/model_artifacts`);
      const again = { headers: { 'if-none-match': list.headers.get('etag') ?? '' } };
      expect((await ask(registry.url, 'GET', `${BASE}/model_artifacts`, again)).status).toBe(304);
      await change('three', '*');
      expect((await ask(registry.url, 'GET', `${BASE}/model_artifacts`, again)).status).toBe(200);
    });
  });
});

test('paths and methods that are not there', async () => {
  await using registry = await openRegistry('embedded');
  for (const path of ['/nothing', '/registered_models/', '/registered_models/1/', '', '/', '/%zz']) {
    const { status, json } = await ask(registry.url, 'GET', `${BASE}${path}`);
    if (path === '/%zz') expect([status, (json as Body).code]).toEqual([400, 'Bad Request']);
    else expect([path, status, json]).toEqual([path, 404, '404 page not found\n']);
  }
  for (const method of ['DELETE', 'PUT', 'OPTIONS', 'POST']) {
    const { status, headers, json } = await ask(registry.url, method, `${BASE}/registered_models/1`);
    expect([status, headers.get('allow'), json]).toEqual([405, 'GET, PATCH, HEAD', '']);
  }
  // No id of a run, though the router would take it for one.
  const history = await ask(registry.url, 'PATCH', `${BASE}/experiment_runs/metric_history`, { body: {} });
  expect([history.status, history.headers.get('allow'), history.json]).toEqual([405, 'GET, HEAD', '']);
  expect((await ask(registry.url, 'HEAD', `${BASE}/registered_models`)).status).toBe(200);
  expect((await ask(registry.url, 'GET', '/')).status).toBe(404);
  const browser = await fetch(`${registry.url}/`, { headers: { accept: 'text/html' } });
  expect(browser.headers.get('content-type')).toMatch('text/html');
});

test('pages of other sites can neither write nor read', async () => {
  await using registry = await openRegistry('embedded');
  for (const headers of [{ origin: 'https://a.example' }, { 'sec-fetch-site': 'cross-site' }]) {
    const { status, json } = await ask(registry.url, 'POST', `${BASE}/registered_models`, {
      body: { name: 'a' },
      headers,
    });
    expect([status, json]).toEqual([403, { code: 'Forbidden', message: expect.any(String) }]);
  }
  // A name of a stranger's for this machine (DNS rebinding), which fetch would not send.
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const headers = { host: 'rebound.example' };
  const rebound = request(`${registry.url}${BASE}/registered_models`, { method: 'POST', headers }, (response) =>
    resolve(response.resume().statusCode),
  );
  rebound.end('{"name":"a"}');
  expect(await promise).toBe(403);
  expect((await registry.got('registered_models')).size).toBe(0);
});

test('large answers are compressed where that is accepted', async () => {
  await using registry = await openRegistry('embedded');
  await registry.made('registered_models', { name: 'a', readme: 'x'.repeat(10_000) });
  const lengthOf = async (accept: string) => {
    const response = await fetch(`${registry.url}${BASE}/registered_models`, {
      headers: { 'accept-encoding': accept },
    });
    expect(((await response.json()) as Body).items[0].readme).toHaveLength(10_000);
    expect(response.headers.get('vary')).toBe('accept-encoding');
    return response.headers.get('content-encoding');
  };
  expect(await lengthOf('gzip, br;q=0.5')).toBe('br');
  expect(await lengthOf('gzip')).toBe('gzip');
  expect(await lengthOf('br;q=0, identity')).toBeNull();
});

test('v1 has no experiments', async () => {
  await using registry = await openRegistry('embedded');
  const model = await registry.made('registered_models', { name: 'a' });
  const v1 = '/api/model_registry/v1';
  expect((await ask(registry.url, 'GET', `${v1}/registered_models/${model.id}`)).json).toEqual(model);
  expect((await ask(registry.url, 'GET', `${v1}/experiments`)).status).toBe(404);
  const { json } = await ask(registry.url, 'GET', `${v1}/openapi.json`);
  expect((json as Body).components.schemas.Metric.properties).not.toHaveProperty('experimentId');
});
