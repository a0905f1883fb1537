import type { ErrorCode } from '../../../src/errors.ts';
import type { Value } from '../../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../../../src/mlmd/store.ts';
import { A, E, input, plain, putPair, values, type WriteStep } from './step.ts';

/** A step that ends otherwise than in the C++ engine, whose end would harm the caller or the data. */
interface DifferentStep {
  readonly why: string;
  readonly step: WriteStep;
  readonly ours: ErrorCode | 'OK';
  readonly theirs: ErrorCode | 'OK';
}

/** What we do not copy of the C++ engine. */
export const DIFFERENT_STEPS: readonly DifferentStep[] = [
  {
    why: 'NaN is no internal error',
    step: (store) =>
      store.putArtifacts({
        artifacts: [{ ...plain, typeId: A, customProperties: values({ d: { doubleValue: Number.NaN } }) }],
      }),
    ours: 'INVALID_ARGUMENT',
    theirs: 'INTERNAL',
  },
  {
    why: 'text that would be read back as a struct is refused',
    step: (store) =>
      store.putArtifacts({
        artifacts: [{ ...plain, typeId: A, customProperties: values({ s: { stringValue: 'mlmd-struct::x' } }) }],
      }),
    ours: 'INVALID_ARGUMENT',
    theirs: 'OK',
  },
  {
    why: 'an execution has no event with an artifact that does not exist',
    step: (store) => putPair(store, { event: { artifactId: 99n, type: input } }),
    ours: 'INVALID_ARGUMENT',
    theirs: 'OK',
  },
  {
    why: 'nor one by a subgraph',
    step: (store) =>
      store.putLineageSubgraph({
        ...noNodes,
        eventEdges: [{ event: { artifactId: 99n, executionId: 99n, type: input } }],
      }),
    ours: 'INVALID_ARGUMENT',
    theirs: 'OK',
  },
  {
    why: 'a custom property with no value is refused, and does not end the server',
    step: (store) => putCustom(store, {}),
    ours: 'INVALID_ARGUMENT',
    theirs: 'UNKNOWN_OUTCOME',
  },
  {
    why: 'a message that does not tell its type is refused',
    step: (store) => putCustom(store, { protoValue: { typeUrl: '', value: Buffer.from([8, 1]) } }),
    ours: 'INVALID_ARGUMENT',
    theirs: 'OK',
  },
  {
    why: 'text with U+0000 is refused, not cut off',
    step: (store) => putCustom(store, { stringValue: 'a\0b' }),
    ours: 'INVALID_ARGUMENT',
    theirs: 'OK',
  },
  {
    why: 'an infinity in a struct is refused',
    step: (store) => putCustom(store, { structValue: { a: Number.POSITIVE_INFINITY } }),
    ours: 'INVALID_ARGUMENT',
    theirs: 'OK',
  },
  {
    why: 'an execution state that no enum has is refused, not left out',
    step: (store) => store.putExecutions({ executions: [{ ...plain, typeId: E, lastKnownState: 99 as never }] }),
    ours: 'INVALID_ARGUMENT',
    theirs: 'OK',
  },
  {
    why: 'a state that no enum has is refused, not left out',
    step: (store) => store.putArtifacts({ artifacts: [{ ...plain, typeId: A, state: 99 as never }] }),
    ours: 'INVALID_ARGUMENT',
    theirs: 'OK',
  },
  {
    why: 'nor a property of a type that no enum has',
    step: (store) => store.putArtifactType({ artifactType: { name: 'T', properties: new Map([['n', 99 as never]]) } }),
    ours: 'INVALID_ARGUMENT',
    theirs: 'OK',
  },
];

const noNodes = { artifacts: [], executions: [], contexts: [] };

function putCustom(store: MetadataStore, value: Value) {
  return store.putArtifacts({ artifacts: [{ ...plain, typeId: A, customProperties: values({ value }) }] });
}
