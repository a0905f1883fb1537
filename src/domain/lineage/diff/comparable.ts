import type { Value } from '../../../generated/proto/ml_metadata/proto/metadata_store.ts';

import { toText } from '../../property.ts';
import { registryKindOf } from '../../registry-kinds.ts';
import { toOwnName } from '../../registry-names.ts';
import type { ClosureNode } from './closure.ts';

/** What a node says, by field, as text that is equal where two runs say the same: see {@link toComparable}. */
export type Comparable = ReadonlyMap<string, string>;

/** Properties that differ from run to run by what they are. What names the run is taken out of all others. */
const BOOKKEEPING: ReadonlySet<string> = new Set([
  'run_id',
  'pipeline_run_id',
  'pod_name',
  'pod_uid',
  'parent_dag_id',
  'cached_execution_id',
  'cache_fingerprint',
  'create_time_since_epoch',
  'last_update_time_since_epoch',
]);

/**
 * The values of a node that count in a comparison, as texts in which nothing names a run. Its state counts, but a step
 * whose results came from a cache is as good as one that ran. Times do not count, nor does what only says which run it was.
 */
export function toComparable(node: ClosureNode, withoutRuns: (text: string) => string): Comparable {
  const { type, name, uri, state, properties, customProperties } = node;
  const kind = registryKindOf({ type });
  const fields: [string, string | undefined][] = [
    ['type', type],
    ['name', withoutRuns((kind ? toOwnName(kind, name) : name) ?? '')],
    ['uri', withoutRuns(uri ?? '')],
    ['state', asIfRun(state)],
    ...[...properties].map(([key, value]) => [`properties.${key}`, toComparableText(key, value, withoutRuns)] as const),
    ...[...customProperties].map(
      ([key, value]) => [`customProperties.${key}`, toComparableText(key, value, withoutRuns)] as const,
    ),
  ].map(([field, text]) => [field ?? '', text]);
  return new Map(fields.flatMap(([field, text]) => (text ? [[field, text] as const] : [])));
}

/** The value of one of the fields of {@link Comparable} as it is stored. */
export function fieldOf(node: ClosureNode, field: string): Value | string | undefined {
  const [, group, name = ''] = /^(properties|customProperties)\.(.*)$/s.exec(field) ?? [];
  if (group === 'properties') return node.properties.get(name);
  if (group === 'customProperties') return node.customProperties.get(name);
  return { type: node.type, name: node.name, uri: node.uri, state: node.state }[field];
}

function asIfRun(state: string | undefined): string | undefined {
  return state === 'CACHED' ? 'COMPLETE' : state;
}

function toComparableText(name: string, value: Value, withoutRuns: (text: string) => string): string | undefined {
  if (BOOKKEEPING.has(name)) return undefined;
  const { stringValue, structValue } = value;
  // TFX keeps the state as a property too.
  if (name === 'state' && stringValue !== undefined) return `text ${asIfRun(stringValue.toUpperCase())}`;
  if (stringValue !== undefined) return `text ${withoutRuns(stringValue)}`;
  if (structValue !== undefined) return `struct ${withoutRuns(sorted(structValue))}`;
  return `${value.intValue === undefined ? '' : 'int '}${toText(value)}`;
}

/** JSON whose keys are in order. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
