import type { ErrorCode } from '../../../src/errors.ts';
import { A, input, plain, putPair, values, type WriteStep } from './step.ts';

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
];
