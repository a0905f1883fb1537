import {
  type Artifact,
  Artifact_State,
  type Execution,
  Execution_State,
  type Value,
} from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';

/** The id of a type, as PutTypes gave it. */
export type TypeId = bigint | undefined;

/** Executions in the chain behind each version. */
export const STEPS = ['ingest', 'validate', 'transform', 'train', 'evaluate'] as const;

/** A dataset that nothing made. */
export function dataset(typeId: TypeId, index: number): Artifact {
  return {
    typeId,
    name: `dataset-${index}`,
    uri: `s3://data/${index}`,
    state: Artifact_State.LIVE,
    ...tenProperties(index),
  };
}

/** What an execution made. */
export function output(typeId: TypeId, index: number): Artifact {
  return {
    typeId,
    name: `output-${index}`,
    uri: `s3://runs/${index}`,
    state: Artifact_State.LIVE,
    ...tenProperties(index),
  };
}

/** Four declared and six custom ones. Doubles of few digits, as the C++ engine keeps no more. */
function tenProperties(index: number) {
  return {
    properties: new Map<string, Value>([
      ['author', { stringValue: `author-${index % 17}` }],
      ['format', { stringValue: 'safetensors' }],
      ['rows', { intValue: BigInt(index) * 1_000_003n }],
      ['accuracy', { doubleValue: (index % 1_000) / 1_000 }],
    ]),
    customProperties: new Map<string, Value>([
      ['framework', { stringValue: 'pytorch' }],
      ['framework_version', { stringValue: '2.9.1' }],
      ['commit', { stringValue: (index * 2_654_435_761).toString(16) }],
      ['loss', { doubleValue: (index % 97) / 8 }],
      ['epochs', { intValue: BigInt(index % 50) }],
      ['quantized', { boolValue: index % 2 === 0 }],
    ]),
  };
}

/** One step of the chain behind a version. */
export function execution(typeId: TypeId, index: number): Execution {
  const step = STEPS[index % STEPS.length] ?? '';
  return {
    typeId,
    name: `${step}-${Math.floor(index / STEPS.length)}`,
    lastKnownState: Execution_State.COMPLETE,
    properties: new Map<string, Value>([['step', { stringValue: step }]]),
    customProperties: new Map<string, Value>([
      ['pod', { stringValue: `pod-${index}` }],
      ['seconds', { intValue: BigInt(index % 3_600) }],
    ]),
  };
}
