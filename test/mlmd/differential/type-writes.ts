import fc from 'fast-check';

import { many, maybe, rarely, typeFields } from './messages.ts';
import type { Requests } from './requests.ts';

const rules = {
  canAddFields: maybe(fc.boolean()),
  canOmitFields: maybe(fc.boolean()),
  allFieldsMatch: rarely(fc.constantFrom(true, true, false)),
};

const artifactType = fc.record({
  ...typeFields,
  baseType: rarely(fc.constantFrom(0 as const, 1 as const, 2 as const)),
});
const executionType = fc.record({
  ...typeFields,
  baseType: rarely(fc.constantFrom(0 as const, 1 as const, 2 as const)),
  inputType: rarely(fc.constantFrom({ any: {} }, { none: {} }, {})),
});
const contextType = fc.record(typeFields);

/** Requests of the RPCs that write types. */
export const TYPE_REQUESTS: Requests = {
  putArtifactType: [2, fc.record({ artifactType: maybe(artifactType, 19), ...rules })],
  putExecutionType: [2, fc.record({ executionType: maybe(executionType, 19), ...rules })],
  putContextType: [2, fc.record({ contextType: maybe(contextType, 19), ...rules })],
  putTypes: [
    2,
    fc.record({
      artifactTypes: many(artifactType, 1),
      executionTypes: many(executionType, 1),
      contextTypes: many(contextType, 1),
      ...rules,
    }),
  ],
};
