import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRecorder, property } from './recording.ts';
import { KINDS, send } from './rig.ts';

type Row = readonly [input: object, code: string, field: readonly string[] | null, words?: string, holder?: string];

function toCase([input, code, field, words = '', holder]: Row) {
  return { input: { ...input }, code, field, words, holder: holder ?? null };
}

const A = { type: 'A', name: 'new' };
const out = (...outputs: readonly object[]) => ({ type: 'T', outputs });
const artifact = (more: object) => out({ artifact: { ...A, ...more } });
const context = (more: object) => ({ type: 'T', contexts: [{ context: { type: 'C', name: 'new', ...more } }] });
const int = [property('p', { intValue: 1 })];
const text = [property('p', { stringValue: '1' })];
const place = (...more: readonly string[]) => ['outputs', '0', 'artifact', ...more];
const GREATEST = '9223372036854775807';

/** Recordings of one mistake each: what they are refused for, and where. The store has what `fill` below puts into it. */
const ONE: readonly Row[] = [
  // The execution.
  [{ type: '' }, 'INVALID_VALUE', ['type']],
  [{ type: 't'.repeat(256) }, 'INVALID_VALUE', ['type'], 'may have 255'],
  [{ type: 'kf.ServeModel' }, 'INVALID_VALUE', ['type'], "the registry's own"],
  [{ type: 'KF.anything' }, 'INVALID_VALUE', ['type'], "the registry's own"],
  [{ type: 'T', name: ' ' }, 'INVALID_VALUE', ['name']],
  [{ type: 'T', externalId: ' ' }, 'INVALID_VALUE', ['externalId']],
  [{ type: 'T', externalId: 't', name: 'other' }, 'EXTERNAL_ID_TAKEN', ['externalId'], "named 'n'", '1'],
  [{ type: 'U', externalId: 't' }, 'EXTERNAL_ID_TAKEN', ['externalId'], "the type 'T'", '1'],
  [{ type: 'T', externalId: 'new', name: 'n' }, 'NAME_TAKEN', ['name'], 'another external id', '1'],
  [{ type: 'T', properties: [...int, ...int] }, 'INVALID_VALUE', ['properties', '1', 'name']],
  [{ type: 'T', properties: [property('p', {})] }, 'INVALID_VALUE', ['properties', '0', 'value']],
  [
    { type: 'T', customProperties: [property('p', { stringValue: 'mlmd-struct::' })] },
    'INVALID_VALUE',
    ['customProperties', '0', 'value', 'stringValue'],
  ],
  // Types.
  [
    { type: 'T', properties: [property('q', { boolValue: true }), ...text] },
    'INVALID_VALUE',
    ['properties', '1', 'value'],
    "The type 'T' declares 'p' as INT; this one is STRING.",
  ],
  [artifact({ properties: text }), 'INVALID_VALUE', place('properties', '0', 'value'), 'INT; this one is STRING'],
  [
    context({ properties: [property('p', { structValue: {} })] }),
    'INVALID_VALUE',
    ['contexts', '0', 'context', 'properties', '0', 'value'],
    'INT; this one is STRUCT',
  ],
  [
    out(
      { artifact: { type: 'New', name: 'a', properties: int } },
      { artifact: { type: 'New', name: 'b', properties: text } },
    ),
    'INVALID_VALUE',
    ['outputs', '1', 'artifact', 'properties', '0', 'value'],
    "Another value of the input declares 'p' as INT; this one is STRING.",
  ],
  // Artifacts.
  [out({}), 'INVALID_VALUE', ['outputs', '0'], 'Exactly one of databaseId, artifact'],
  [out({ databaseId: '1', artifact: A }), 'INVALID_VALUE', ['outputs', '0'], 'Exactly one of databaseId, artifact'],
  [out({ databaseId: 'x' }), 'INVALID_VALUE', ['outputs', '0', 'databaseId']],
  [
    out({ databaseId: '1' }, { databaseId: '99' }),
    'NOT_FOUND',
    ['outputs', '1', 'databaseId'],
    'There is no artifact 99.',
  ],
  [{ type: 'T', inputs: [{ databaseId: GREATEST }] }, 'NOT_FOUND', ['inputs', '0', 'databaseId']],
  [artifact({ type: 'kf.ModelArtifact' }), 'INVALID_VALUE', place('type'), "the registry's own"],
  [artifact({ name: 'n'.repeat(256) }), 'INVALID_VALUE', place('name')],
  [artifact({ uri: 's3://a b' }), 'INVALID_VALUE', place('uri')],
  [artifact({ externalId: 'xa' }), 'EXTERNAL_ID_TAKEN', place('externalId'), "named 'a'", '1'],
  [artifact({ externalId: 'xp' }), 'EXTERNAL_ID_TAKEN', place('externalId'), "'kf.Parameter'", '2'],
  [artifact({ name: 'a', externalId: 'new' }), 'NAME_TAKEN', place('name'), 'another external id', '1'],
  [artifact({ name: 'late', externalId: 'bare' }), 'EXTERNAL_ID_TAKEN', place('externalId'), 'without a name', '3'],
  [out({ databaseId: '1' }, { artifact: { type: 'A', name: 'a' } }), 'INVALID_VALUE', ['outputs', '1'], 'there twice'],
  [out({ artifact: A }, { artifact: A }), 'INVALID_VALUE', ['outputs', '1'], 'there twice'],
  [
    out({ artifact: A }, { artifact: { ...A, externalId: 'e' } }),
    'INVALID_VALUE',
    ['outputs', '1', 'artifact', 'name'],
  ],
  [
    out(...['B', 'C'].map((type) => ({ artifact: { type, externalId: 'e' } }))),
    'INVALID_VALUE',
    ['outputs', '1', 'artifact', 'externalId'],
  ],
  [{ ...out({ artifact: { type: 'A' } }), externalId: 'new' }, 'INVALID_VALUE', ['outputs', '0'], 'needs a name'],
  // Events.
  [out({ artifact: A, eventType: 'INPUT' }), 'INVALID_VALUE', ['outputs', '0', 'eventType'], 'OUTPUT'],
  [out({ artifact: A, eventType: 'UNKNOWN' }), 'INVALID_VALUE', ['outputs', '0', 'eventType'], 'OUTPUT'],
  [
    { type: 'T', inputs: [{ artifact: A, eventType: 'PENDING_OUTPUT' }] },
    'INVALID_VALUE',
    ['inputs', '0', 'eventType'],
    'INPUT',
  ],
  [out({ artifact: A, key: '' }), 'INVALID_VALUE', ['outputs', '0', 'key']],
  [out({ artifact: A, index: 0 }), 'INVALID_VALUE', ['outputs', '0', 'index'], 'goes with a key'],
  [out({ artifact: A, key: 'k', index: -1 }), 'INVALID_VALUE', ['outputs', '0', 'index']],
  [
    out({ artifact: A, key: 'k', index: 1 }, { databaseId: '1', key: 'k' }),
    'INVALID_VALUE',
    ['outputs', '1', 'key'],
    'key and index',
  ],
  [
    { ...out({ artifact: A, key: 'k' }), externalId: 't' },
    'INVALID_VALUE',
    ['outputs', '0', 'key'],
    'another artifact at this path',
    '1',
  ],
  [
    { ...out({ artifact: { type: 'B' }, key: 'k' }), externalId: 't' },
    'INVALID_VALUE',
    ['outputs', '0', 'key'],
    'another artifact at this path',
    '1',
  ],
  // Contexts.
  [{ type: 'T', contexts: [{}] }, 'INVALID_VALUE', ['contexts', '0'], 'Exactly one of databaseId, context'],
  [{ type: 'T', contexts: [{ databaseId: '99' }] }, 'NOT_FOUND', ['contexts', '0', 'databaseId'], 'no context 99'],
  [{ type: 'T', contexts: [{ databaseId: '5' }] }, 'NOT_FOUND', ['contexts', '0', 'databaseId'], 'no context 5'],
  [context({ type: 'kf.ModelVersion', name: '1:v' }), 'INVALID_VALUE', ['contexts', '0', 'context', 'type']],
  [context({ name: '' }), 'INVALID_VALUE', ['contexts', '0', 'context', 'name']],
  [context({ externalId: 'xc' }), 'EXTERNAL_ID_TAKEN', ['contexts', '0', 'context', 'externalId'], "named 'c'", '4'],
  [
    { type: 'T', contexts: [{ databaseId: '4' }, { context: { type: 'C', name: 'c' } }] },
    'INVALID_VALUE',
    ['contexts', '1'],
    'there twice',
  ],
  // Too much.
  [
    {
      type: 'T',
      inputs: [{ databaseId: '1' }],
      outputs: Array(1_000)
        .fill(null)
        .map(() => ({ artifact: { type: 'A' } })),
    },
    'INVALID_VALUE',
    null,
    'There are 1001 inputs and outputs',
  ],
  [
    out(...Array.from({ length: 100 }, (_, index) => ({ artifact: { type: `T${index}` } }))),
    'INVALID_VALUE',
    null,
    'There are 101 types',
  ],
  [
    { type: 'T', contexts: Array.from({ length: 101 }, (_, index) => ({ context: { type: 'C', name: `${index}` } })) },
    'INVALID_VALUE',
    ['contexts'],
    'There are 101 contexts',
  ],
];

describe.each(KINDS)('on the %s store', (kind) => {
  let recorder: Awaited<ReturnType<typeof openRecorder>>;
  beforeAll(async () => {
    recorder = await openRecorder(kind);
    await recorder.do('createExperiment', { name: 'e' });
    await recorder.do('createExperimentRun', { experimentId: '1', name: 'r' });
    await recorder.do('createRegisteredModel', { name: 'm' });
    const outputs = [{ key: 'k', artifact: { type: 'A', name: 'a', externalId: 'xa', properties: int } }];
    const contexts = [{ context: { type: 'C', name: 'c', externalId: 'xc', properties: int } }];
    await recorder.record({ type: 'T', name: 'n', externalId: 't', properties: int, outputs, contexts });
    await recorder.do('createParameter', { parentId: '2', name: 'p', value: '1', externalId: 'xp' });
    await recorder.record({ type: 'T', name: 'o', outputs: [{ artifact: { type: 'A', externalId: 'bare' } }] });
    // A version without its link to a model, as a gateway leaves it that dies half-way.
    const { contextType } = await recorder.store.getContextType({ typeName: 'kf.ModelVersion' });
    const half = { typeId: contextType?.id, name: '3:half', properties: new Map(), customProperties: new Map() };
    await recorder.store.putContexts({ contexts: [half] });
  });
  afterAll(() => recorder[Symbol.asyncDispose]());

  test.each(ONE.map(toCase))(
    '$input is refused with $code at $field',
    async ({ input, code, field, words, holder }) => {
      const before = recorder.counts();
      const userErrors = await recorder.refused('recordExecution', input);
      expect(userErrors).toEqual([{ code, field, message: expect.stringContaining(words), databaseId: holder }]);
      expect(recorder.counts()).toEqual(before);
    },
  );

  test('all that is wrong is told at once, and in one order', async () => {
    const before = recorder.counts();
    recorder.calls.length = 0;
    const input = {
      ...{ type: 'T', externalId: 't', name: 'other', properties: text },
      inputs: [{ databaseId: '98' }, {}],
      outputs: [
        { artifact: { type: 'kf.X', uri: ' ' } },
        { databaseId: '99' },
        { artifact: { type: 'New', name: 'n' } },
      ],
      contexts: [{ databaseId: '97' }, { context: { type: 'New', name: ' ' } }],
    };
    for (const _again of [1, 2]) {
      const refused = await recorder.refused('recordExecution', input);
      expect(refused.map(({ code, field }) => `${code} ${field?.join('.')}`)).toEqual([
        'INVALID_VALUE inputs.1',
        'INVALID_VALUE outputs.0.artifact.type',
        'INVALID_VALUE outputs.0.artifact.uri',
        'INVALID_VALUE contexts.1.context.name',
        'INVALID_VALUE outputs.0',
        'EXTERNAL_ID_TAKEN externalId',
        'NOT_FOUND inputs.0.databaseId',
        'NOT_FOUND outputs.1.databaseId',
        'NOT_FOUND contexts.0.databaseId',
        'INVALID_VALUE properties.0.value',
      ]);
    }
    expect(recorder.counts()).toEqual(before);
    expect(recorder.writes()).toEqual([]);
  });

  test('what an MLMD server would mix up, or make infinite, is refused there', async () => {
    const twins = {
      properties: [property('twin', { intValue: 1 })],
      customProperties: [property('own', { intValue: 2 })],
    };
    const step = { type: 'Twins', externalId: 'twins', ...twins };
    await recorder.record(step);
    const before = recorder.counts();
    for (const [more, ...field] of [
      [{ customProperties: twins.properties }, 'customProperties', '0', 'value'],
      [{ properties: twins.customProperties }, 'properties', '0', 'value'],
      [
        { customProperties: [property('x', { doubleValue: -1.7976931348623157e308 })] },
        'customProperties',
        '0',
        'value',
        'doubleValue',
      ],
    ] as const) {
      const input = { type: 'Twins', externalId: 'twins', ...more };
      if (kind === 'embedded') await recorder.record(input);
      else expect(await recorder.refused('recordExecution', input)).toMatchObject([{ code: 'INVALID_VALUE', field }]);
    }
    if (kind === 'remote') expect(recorder.counts()).toEqual(before);
  });

  test('what GraphQL itself refuses is an error of the request', async () => {
    for (const input of [
      {},
      { type: 'T', state: 'ASLEEP' },
      context({ name: null }),
      out({ artifact: A, time: '2024' }),
    ]) {
      const { errors } = await send(recorder.harness.url, 'recordExecution', input as Record<string, unknown>);
      expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['BAD_USER_INPUT']);
    }
  });
});
