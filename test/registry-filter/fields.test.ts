import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { RegistryKindName } from '../../src/domain/registry-kinds.ts';
import {
  Artifact_State,
  Execution_State,
  type Value,
} from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { type Harness, openHarness, STORE_KINDS } from '../harness.ts';
import { requireReference } from '../reference/require.ts';
import { none, putRegistryTypes } from '../registry-rows.ts';
import { askRows } from './door.ts';

/** What a row has in the field, as GraphQL writes it; undefined where it has nothing. */
type Shown = string | number | readonly string[] | undefined;

/** A field of a kind, and the rows that stand for its values. */
interface Field {
  readonly kind: RegistryKindName;
  readonly field: string;
  /** One row for each. The first of them is undefined. */
  readonly values: readonly Shown[];
  /** What is stored of a value: a property, or an attribute of the node. */
  readonly stored: (value: Exclude<Shown, undefined>) => object;
  /** How values are compared; undefined for an enum, which has no order. */
  readonly order?: (value: Shown) => bigint | number | string;
}

const property = (name: string, value: Value) => ({ properties: new Map([[name, value]]) });
const text = (name: string) => (value: unknown) => property(name, { stringValue: String(value) });
const whole = (name: string) => (value: unknown) => property(name, { intValue: BigInt(String(value)) });
const instant = (value: unknown) => BigInt(Date.parse(String(value)));

const FIELDS: readonly Field[] = [
  {
    kind: 'Metric',
    field: 'step',
    values: [undefined, '-9223372036854775808', '-1', '0', '9007199254740993', '9223372036854775807'],
    stored: whole('step'),
    order: (value) => BigInt(String(value)),
  },
  {
    kind: 'Metric',
    field: 'value',
    values: [undefined, -0.5, 0, 0.1, 3, 1e300],
    stored: (value) => property('value', { doubleValue: Number(value) }),
    order: Number,
  },
  {
    kind: 'ExperimentRun',
    field: 'startTime',
    values: [undefined, '1970-01-01T00:00:00.999Z', '2023-11-14T22:13:20.000Z', '2023-11-14T22:13:20.001Z'],
    stored: (value) => property('start_time_since_epoch', { stringValue: String(instant(value)) }),
    order: instant,
  },
  {
    kind: 'InferenceService',
    field: 'modelVersionId',
    values: [undefined, '0', '7', '9223372036854775807'],
    stored: whole('model_version_id'),
    order: (value) => BigInt(String(value)),
  },
  { kind: 'RegisteredModel', field: 'state', values: [undefined, 'LIVE', 'ARCHIVED'], stored: text('state') },
  {
    kind: 'Parameter',
    field: 'parameterType',
    values: [undefined, 'STRING', 'NUMBER', 'OBJECT'],
    stored: (value) => property('parameter_type', { stringValue: String(value).toLowerCase() }),
  },
  {
    kind: 'DataSet',
    field: 'state',
    values: [undefined, 'UNKNOWN', 'LIVE', 'ABANDONED', 'REFERENCE'],
    stored: (value) => ({ state: Artifact_State[value as keyof typeof Artifact_State] }),
  },
  {
    kind: 'ServeModel',
    field: 'lastKnownState',
    values: [undefined, 'UNKNOWN', 'NEW', 'RUNNING', 'CANCELED'],
    stored: (value) => ({ lastKnownState: Execution_State[value as keyof typeof Execution_State] }),
  },
  {
    kind: 'ModelArtifact',
    field: 'uri',
    // An artifact without a URI has an empty one, and none of MLMD's is absent: test/registry-filter/kinds.test.ts.
    values: ['', 's3://a/1', 's3://A/1', 'uri', '100%_'],
    stored: (uri) => ({ uri }),
    order: String,
  },
];

const OWNERS: Partial<Record<RegistryKindName, { readonly kind: string; readonly id: bigint }>> = {
  ExperimentRun: { kind: 'Experiment', id: 1n },
  InferenceService: { kind: 'ServingEnvironment', id: 2n },
};

async function fill(store: MetadataStore): Promise<void> {
  const types = await putRegistryTypes(store);
  const row = (kind: string, name: string) => ({ ...none, typeId: types.get(`kf.${kind}`) ?? 0n, name });
  const owners = Object.values(OWNERS).map(({ kind }) => row(kind, 'owner'));
  await store.putContexts({ contexts: owners });
  for (const { kind, field, values, stored } of FIELDS) {
    const owner = OWNERS[kind];
    const rows = values.map((value, index) => ({
      ...row(kind, kind === 'RegisteredModel' ? `${field} ${index}` : `${owner?.id ?? 7n}:${field} ${index}`),
      ...(value !== undefined && stored(value)),
    }));
    if (kind === 'ServeModel') await store.putExecutions({ executions: rows });
    else if (['Metric', 'Parameter', 'DataSet', 'ModelArtifact'].includes(kind)) {
      await store.putArtifacts({ artifacts: rows });
    } else {
      const { contextIds } = await store.putContexts({ contexts: rows });
      if (owner) {
        await store.putParentContexts({
          parentContexts: contextIds.map((childId) => ({ childId, parentId: owner.id })),
        });
      }
    }
  }
}

/** Conditions on a field, and which of its values each lets through. */
function* conditionsOn({ values, order }: Field): Generator<readonly [object, (value: Shown) => boolean]> {
  const present = values.filter((value) => value !== undefined);
  yield [{ isNull: true }, (value) => value === undefined];
  yield [{ isNull: false }, (value) => value !== undefined];
  yield [{ in: [] }, () => false];
  yield [{ in: present.slice(1) }, (value) => present.slice(1).includes(value as string)];
  for (const each of present) {
    yield [{ eq: each }, (value) => value === each];
    yield [{ ne: each }, (value) => value !== undefined && value !== each];
    if (!order) continue;
    const than = (is: (a: bigint | number | string, b: bigint | number | string) => boolean) => (value: Shown) =>
      value !== undefined && is(order(value), order(each));
    yield [{ lt: each }, than((a, b) => a < b)];
    yield [{ le: each }, than((a, b) => a <= b)];
    yield [{ gt: each }, than((a, b) => a > b)];
    yield [{ ge: each }, than((a, b) => a >= b)];
  }
}

const TABLE = FIELDS.map((each) => [`${each.kind}.${each.field}`, each] as const);

describe.each(STORE_KINDS)('conditions on fields of every kind of value, through GraphQL, %s store', (kind) => {
  const missing = kind === 'remote' ? requireReference() : undefined;
  let harness: Harness | undefined;
  beforeAll(async () => {
    if (!missing) harness = await openHarness({ kind, fill });
  });
  afterAll(() => harness?.[Symbol.asyncDispose]());

  test.skipIf(missing).each(TABLE)('%s', { timeout: 30_000 }, async (_name, each) => {
    if (!harness) throw new Error('the gateway is not open');
    const { kind: noun, field, values } = each;
    const mine = { name: { like: `${field} %` } };
    const namesOf = async (where: object, said: 'variables' | 'literals') => {
      const { data, errors } = await askRows(harness as Harness, [noun], where, said, 'nodes { name }');
      expect(errors).toBeUndefined();
      return data.rows.nodes.map(({ name }: { name: string }) => name);
    };
    const names = (holds: (value: Shown) => boolean) =>
      values.flatMap((value, index) => (holds(value) ? [`${field} ${index}`] : []));
    for (const [condition, holds] of conditionsOn(each)) {
      for (const said of ['variables', 'literals'] as const) {
        const found = await namesOf({ ...mine, [field]: condition }, said);
        expect({ condition, said, found }).toEqual({ condition, said, found: names(holds) });
      }
      const others = await namesOf({ ...mine, not: { [field]: condition } }, 'variables');
      expect({ not: condition, others }).toEqual({ not: condition, others: names((value) => !holds(value)) });
    }
  });
});
