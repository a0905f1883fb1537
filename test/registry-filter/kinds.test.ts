import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { RegistryKindName } from '../../src/domain/registry-kinds.ts';
import { type Harness, openHarness, STORE_KINDS } from '../harness.ts';
import { requireReference } from '../reference/require.ts';
import { askRows, type Said } from './door.ts';
import { fillKinds } from './kinds.ts';

type Case = readonly [filter: string | object, ids: readonly number[]];

/** Filters of a kind, as text or as `where`, and the ids that they let through. NOT lets all others through. */
const FILTERS: readonly (readonly [
  kinds: readonly RegistryKindName[],
  all: readonly number[],
  cases: readonly Case[],
])[] = [
  [
    ['ModelVersion'],
    [5, 6, 7, 8, 9, 10],
    [
      ["name = 'v1'", [5, 10]],
      [{ name: { eq: 'v1' } }, [5, 10]],
      ["name != 'v1'", [6, 7, 8, 9]],
      ["name = '1:v1'", [7]],
      ["name IN ('V1', 'vx1')", [6, 9]],
      [{ name: { in: [] } }, []],
      ["name LIKE 'v_1'", [8, 9]],
      ["name LIKE 'v\\_1'", [8]],
      ["name LIKE 'v\\\\_1'", [8]],
      [{ name: { like: 'v\\_1' } }, [8]],
      ["name ILIKE '%V1'", [5, 6, 7, 10]],
      ["name NOT LIKE 'v%'", [7]],
      ["name > 'v'", [5, 8, 9, 10]],
      ['name IS NULL', []],
      ["state = 'LIVE'", [6, 8, 10]],
      ['state = LIVE', [6, 8, 10]],
      [{ state: { ne: 'LIVE' } }, [5, 7, 9]],
      ["properties.state.string_value LIKE 'live'", [6, 8, 10]],
      ["parent_contexts_p.name = 'gpt'", [10]],
      ["parent_contexts_p.name = 'gpt' OR name = 'V1'", [6, 10]],
      ["parent_contexts_p.id = 1 AND parent_contexts_p.name = 'bert' AND name = 'v1'", [5]],
      ["artifacts_a.uri LIKE 's3:%' AND state = 'ARCHIVED'", [5]],
      ['artifacts_a.state = LIVE', [5, 6]],
      ['id IN (5, 6) AND NOT id = 6', [5]],
      ["id = '5' OR databaseId = 6", [5, 6]],
      [{ or: [{ databaseId: { eq: '5' } }, { databaseId: { ge: '9' } }] }, [5, 9, 10]],
      ["type = 'kf.ModelVersion' AND type_id > 0", [5, 6, 7, 8, 9, 10]],
      ['create_time_since_epoch > 0 AND createTimeSinceEpoch < 1700000000000', []],
      ["createTime > '2024-01-01' AND lastUpdateTime >= '2024-01-01T00:00:00+02:00'", [5, 6, 7, 8, 9, 10]],
      ['external_id IS NULL', [5, 6, 7, 8, 9, 10]],
      ['(id > 6) IS TRUE AND (id > 8) IS NOT TRUE', [7, 8]],
      ['TRUE', [5, 6, 7, 8, 9, 10]],
      ['FALSE OR id = 5', [5]],
      ['id BETWEEN 6 AND 8', [6, 7, 8]],
      ['id NOT BETWEEN 6 AND 8', [5, 9, 10]],
      ['7 <= id', [7, 8, 9, 10]],
    ],
  ],
  [
    ['RegisteredModel'],
    [1, 2, 3, 4],
    [
      ["language = 'en'", [1]],
      [{ language: { has: 'en' } }, [1]],
      [{ language: { has: 'en%' } }, [2]],
      ["language != 'en'", [2, 3]],
      ["language IN ('De', 'en%')", [1, 2]],
      ["language LIKE 'EN%'", [1, 2]],
      ["language ILIKE 'de'", [1]],
      ["language NOT LIKE 'en%'", [3]],
      [{ language: { isNull: true } }, [4]],
      ["tasks = 'vision'", [3]],
      ["tasks = '7'", []],
      ["tasks.struct_value ILIKE '%VISION%'", [3]],
      ["name = 'bert' OR name = 'gpt'", [1, 2]],
      ["lower(name) = 'bert'", [1]],
      ["length(name) = 4 AND NOT lower(name) = 'bert'", [4]],
      ["child_contexts_c.name = '2:v1'", [2]],
      ["child_contexts_c.id = 5 OR language = 'en%'", [1, 2]],
      [{ state: { eq: 'ARCHIVED' } }, [4]],
      [{ state: { isNull: true } }, [1, 2, 3]],
      [{ not: { state: { in: ['LIVE', 'ARCHIVED'] } }, name: { ne: 'gpt' } }, [1, 3]],
      [{ and: [{ name: { gt: 'c' } }, { name: { lt: 'n' } }] }, [2]],
      [{ name: null, externalId: { eq: null } }, [1, 2, 3, 4]],
    ],
  ],
  [
    ['ExperimentRun'],
    [12, 13, 14, 15, 16],
    [
      ['startTime > 1700000000000', [13]],
      ['startTimeSinceEpoch >= 1700000000000', [12, 13]],
      ['start_time_since_epoch < 1700000000000', [14]],
      ["startTime = '2023-11-14T22:13:20Z'", [12]],
      [{ startTime: { lt: '2023-11-14T22:13:20.001Z' } }, [12, 14]],
      [{ startTime: { ne: '2023-11-14T22:13:20.000Z' } }, [13, 14]],
      ['startTime IS NULL', [15, 16]],
      ['startTime > -5', [12, 13, 14]],
      ["startTime IN (999, '1700000000001')", [13, 14]],
      ['endTime IS NOT NULL', []],
      ["status = 'RUNNING'", [12, 16]],
      ["status = FAILED OR startTime = '1700000000000'", [12, 13]],
      ["status LIKE 'r%'", [12, 16]],
    ],
  ],
  [
    ['ServingEnvironment'],
    [17, 18, 19],
    [
      [{ archived: true }, [17]],
      [{ archived: false }, [18, 19]],
      ['archived = TRUE', [17]],
      ['archived = false', [18, 19]],
      ['archived', [17]],
      ["stage = 'production'", [17]],
      ["region = 'eu' AND device = 'gpu' AND stage = 'production'", [17]],
      ["region = 'eu' AND device = 'gpu'", [17, 18]],
      [
        {
          customProperty: [
            { name: 'region', string: { eq: 'eu' } },
            { name: 'device', string: { eq: 'gpu' } },
            { name: 'stage', string: { eq: 'production' } },
          ],
        },
        [17],
      ],
      ["Stage = 'production'", [18]],
      ["stage = 'production' OR `Stage` = 'production'", [17, 18]],
      ['`modelgraph.archived`.bool_value IS NOT NULL', [17, 18]],
      ["`modelgraph.archived` = 'true'", [19]],
    ],
  ],
  [
    ['InferenceService'],
    [20, 21],
    [
      ['modelVersionId = 5', [20]],
      ["model_version_id = '5'", [20]],
      [{ modelVersionId: { eq: '5' } }, [20]],
      [{ modelVersionId: { isNull: true } }, [21]],
      ['servingEnvironmentId = 17 AND registeredModelId != 1', [21]],
      ["name = 't'", [21]],
    ],
  ],
  [
    ['ModelArtifact'],
    [1, 2, 3, 4],
    [
      ["name = 'model'", [1, 2, 3]],
      ['name IS NULL', [4]],
      ["uri = 's3://a/1'", [1]],
      ["uri LIKE 's3%'", [1, 2]],
      // MLMD stores no URI as an empty one.
      ["uri = ''", [3, 4]],
      ['uri IS NULL', []],
      ["upper(uri) LIKE 'S3%' AND contexts_c.id = 6", [1, 2]],
      ["state = 'LIVE'", [1]],
      ['state = LIVE OR state = ABANDONED OR state = LIVE', [1, 2]],
      ['state != LIVE', [2, 4]],
      ['state IN (LIVE, ABANDONED)', [1, 2]],
      ['state NOT IN (LIVE)', [2, 4]],
      ["state LIKE 'l%'", [1]],
      ['state >= 2', [1, 2]],
      ['state = 2', [1]],
      [{ state: { eq: 'UNKNOWN' } }, [4]],
      [{ state: { isNull: true } }, [3]],
      ["contexts_a.name = '1:v1' AND contexts_b.id = 6", [1]],
      ['contexts_a.id = 5 AND contexts_a.id = 6', []],
      ['events_0.type = INPUT', [1]],
      ["events_0.type = INPUT OR name = 'model' AND contexts_a.id = 6", [1, 2]],
    ],
  ],
  [
    ['Metric'],
    [5, 6, 7],
    [
      ['value > 0.95', [5, 7]],
      ['value = 5', [7]],
      ['properties.value.double_value >= 0.97', [5, 7]],
      [{ value: { le: 0.97 } }, [5, 6]],
      ['value IN (5, 0.9)', [6, 7]],
      ["value > 0.95 AND contexts_v.name = '1:v1'", [5]],
      ['a = 1 AND b = 2', [5]],
      ['a = 1 OR b = 2', [5, 6, 7]],
      ["a = 1 AND (b = 2 OR c = 'x' OR value < 0.95)", [5, 6]],
      ["(a = 2 OR b = 2) AND (a = 1 OR c = 'x') AND (b = 2 OR c = 'y')", [5, 7]],
      ['custom_properties.a.int_value * 2 = 2', [5, 6]],
      ['properties.value.double_value + 1 > 5 OR a.int_value + b.int_value = 3', [5, 7]],
      ["c LIKE 'X' OR NOT a = 1", [7]],
      ["uri = 'u'", [7]],
      [
        {
          customProperty: [
            { name: 'a', exists: true },
            { name: 'b', exists: false },
          ],
        },
        [6],
      ],
      [{ customProperty: [{ name: 'a', number: { gt: 0.5, lt: 1.5 } }] }, [5, 6]],
      [{ customProperty: [{ name: 'a', number: { isNull: true } }] }, [7]],
      [{ customProperty: [{ name: 'c', string: { isNull: false } }] }, [7]],
    ],
  ],
  [
    ['Metric', 'Parameter'],
    [5, 6, 7, 8, 9],
    [
      ['value > 0.5', [5, 6, 7]],
      ["value = 'adam'", [9]],
      ["parameterType = 'NUMBER' OR parameterType = 'string'", [8, 9]],
      ["name = 'accuracy' OR name = 'rate'", [5, 6, 8]],
      ["type = 'kf.Parameter'", [8, 9]],
    ],
  ],
  [
    ['ServeModel'],
    [1, 2, 3],
    [
      ["lastKnownState = 'RUNNING'", [1]],
      ['last_known_state != RUNNING', [2]],
      ['lastKnownState IS NULL AND modelVersionId = 5', [3]],
      [{ lastKnownState: { in: ['RUNNING', 'FAILED'] }, modelVersionId: { lt: '6' } }, [1]],
      [{ archived: false }, [1, 2, 3]],
    ],
  ],
];

const TABLE = FILTERS.flatMap(([kinds, all, cases]) => cases.map(([filter, ids]) => ({ kinds, all, filter, ids })));

/** Parts that only the store decides, and whose opposite is another neighbour or another sum, not none. */
const HAS_NO_OPPOSITE = /_\w\.(id|name|uri|state|type)|value \*|value \+/;

describe.each(STORE_KINDS)('filters of each kind, %s store', (kind) => {
  const missing = kind === 'remote' ? requireReference() : undefined;
  let harness: Harness | undefined;
  beforeAll(async () => {
    if (!missing) harness = await openHarness({ kind, fill: fillKinds });
  });
  afterAll(() => harness?.[Symbol.asyncDispose]());

  async function idsOf(kinds: readonly RegistryKindName[], filter: string | object, said?: Said): Promise<number[]> {
    if (!harness) throw new Error('the gateway is not open');
    const { data, errors } = await askRows(harness, kinds, filter, said);
    expect(errors).toBeUndefined();
    return data.rows.nodes.map(({ databaseId }: { databaseId: string }) => Number(databaseId));
  }

  test.skipIf(missing).each(TABLE)('$kinds: $filter', async ({ kinds, all, filter, ids }) => {
    expect(await idsOf(kinds, filter)).toEqual(ids);
    const others = all.filter((id) => !ids.includes(id));
    if (typeof filter !== 'string') {
      expect(await idsOf(kinds, { not: filter })).toEqual(others);
      expect(await idsOf(kinds, filter, 'literals')).toEqual(ids);
    } else if (!HAS_NO_OPPOSITE.test(filter)) expect(await idsOf(kinds, `NOT (${filter})`)).toEqual(others);
  });
});
