import { type Artifact, Event_Type } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { RpcName, RpcRequest } from '../../src/mlmd/store.ts';
import { SMOKE } from '../rounds.ts';
import { listType, type Written } from './file.ts';
import type { Line } from './pairs.ts';
import { encodeRequest } from './sides.ts';

/** Ids of the types that the written nodes have. */
export interface WriteTypes {
  readonly artifact: bigint | undefined;
  readonly execution: bigint | undefined;
  readonly context: bigint | undefined;
}

/** The names of those types. */
export function writeTypeNames({ lists }: Written) {
  return { artifact: 'kf.ModelArtifact', execution: 'pipeline.Step', context: listType(lists.at(-1) ?? 0) };
}

/** The writes that are compared: new nodes each time, so each side needs a file of its own. */
export function writeLines(types: WriteTypes): Line[] {
  const many = SMOKE ? 20 : 1_000;
  return [
    line('PutArtifacts 1', 'putArtifacts', (index) => artifacts(types, `one-${index}`, 1), 4),
    line(`PutArtifacts ${many}`, 'putArtifacts', (index) => artifacts(types, `many-${index}`, many), 3.5),
    line('PutExecution: 3 inputs, 2 outputs, 1 context', 'putExecution', (index) => execution(types, index), 3),
  ];
}

/** New artifacts of ten properties each. */
export function artifacts(types: WriteTypes, name: string, count: number): RpcRequest<'putArtifacts'> {
  return { artifacts: Array.from({ length: count }, (_none, index) => artifact(types, `${name}-${index}`)) };
}

function artifact({ artifact: typeId }: WriteTypes, name: string): Artifact {
  return {
    typeId,
    name,
    uri: `s3://bench/${name}`,
    properties: new Map([
      ['author', { stringValue: 'author-1' }],
      ['format', { stringValue: 'safetensors' }],
      ['rows', { intValue: 1_000_003n }],
      ['accuracy', { doubleValue: 0.5 }],
    ]),
    customProperties: new Map([
      ['framework', { stringValue: 'pytorch' }],
      ['framework_version', { stringValue: '2.9.1' }],
      ['commit', { stringValue: name }],
      ['loss', { doubleValue: 0.125 }],
      ['epochs', { intValue: 12n }],
      ['quantized', { boolValue: true }],
    ]),
  };
}

function execution(types: WriteTypes, index: number): RpcRequest<'putExecution'> {
  const path = (place: number) => ({ steps: [{ key: 'data' }, { index: BigInt(place) }] });
  return {
    execution: {
      typeId: types.execution,
      name: `bench-${index}`,
      properties: new Map([['step', { stringValue: 'train' }]]),
      customProperties: new Map([['pod', { stringValue: `pod-${index}` }]]),
    },
    artifactEventPairs: [
      ...[1, 2, 3].map((id) => ({ event: { artifactId: BigInt(id), type: Event_Type.INPUT, path: path(id) } })),
      ...[1, 2].map((place) => ({
        artifact: artifact(types, `made-${index}-${place}`),
        event: { type: Event_Type.OUTPUT, path: path(place) },
      })),
    ],
    contexts: [{ typeId: types.context, name: `bench-${index}`, properties: new Map(), customProperties: new Map() }],
  };
}

function line<Name extends RpcName>(
  name: string,
  rpc: Name,
  request: (index: number) => RpcRequest<Name>,
  aim: number,
): Line {
  return { name, aim, call: (index) => ({ rpc, request: encodeRequest(rpc, request(index)) }) };
}
