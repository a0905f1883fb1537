import fc from 'fast-check';

import type { RpcName, RpcRequest } from '../../../src/mlmd/store.ts';
import {
  artifact,
  context,
  event,
  execution,
  many,
  maybe,
  nodeId,
  rarely,
  STORED,
  STORED_TIME,
  typeFields,
} from './messages.ts';

/** How often an RPC is called beside others, and with what. */
export type Requests = { readonly [Name in RpcName]?: readonly [weight: number, fc.Arbitrary<RpcRequest<Name>>] };

const updateMask = rarely(
  many(
    fc.constantFrom(
      'uri',
      'state',
      'name',
      'external_id',
      'type_id',
      'last_known_state',
      'properties',
      'custom_properties',
      'properties.n',
      'properties.zz',
      'custom_properties.c1',
      'custom_properties.c.3',
      'foo',
      '',
    ),
    3,
  ),
);

const rules = {
  canAddFields: maybe(fc.boolean()),
  canOmitFields: maybe(fc.boolean()),
  allFieldsMatch: maybe(fc.constantFrom(true, true, true, false), 1),
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

/** An artifact id that an event of a new execution or an edge may have without naming a node: ours has to be there. */
const storedArtifactId = fc.bigInt({ min: 1n, max: BigInt(STORED.artifacts) });
const storedExecutionId = fc.bigInt({ min: 1n, max: BigInt(STORED.executions) });

const loneEvent = event.map(({ artifactId, executionId, ...rest }) => rest);

const pair = fc.oneof(
  fc.record({ artifact, event: loneEvent }),
  fc.record({ artifact, event }),
  fc.record({ artifact }),
  fc
    .tuple(loneEvent, maybe(storedArtifactId, 9))
    .map(([each, artifactId]) => ({ event: artifactId === undefined ? each : { ...each, artifactId } })),
);

const edge = fc.record({
  executionIndex: maybe(fc.constantFrom(0, 0, 0, 1, 2, -1), 5),
  artifactIndex: maybe(fc.constantFrom(0, 0, 0, 1, 2, -1), 5),
  event: maybe(
    fc.tuple(loneEvent, rarely(storedArtifactId), rarely(storedExecutionId)).map(([each, artifactId, executionId]) => ({
      ...each,
      artifactId,
      executionId,
    })),
    19,
  ),
});

/** Updates of artifacts that build on a time: the right one, a wrong one and none. */
const timedArtifacts = many(
  fc
    .tuple(artifact, storedArtifactId, maybe(fc.constantFrom(STORED_TIME, STORED_TIME, STORED_TIME, 1n), 9))
    .map(([each, id, lastUpdateTimeSinceEpoch]) => ({ ...each, id, typeId: undefined, lastUpdateTimeSinceEpoch })),
  1,
);

/** Requests of the RPCs that write. */
export const WRITE_REQUESTS: Requests = {
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
  putArtifacts: [
    6,
    fc.oneof(
      { weight: 3, arbitrary: fc.record({ artifacts: many(artifact), updateMask }) },
      {
        weight: 1,
        arbitrary: fc.record({
          artifacts: timedArtifacts,
          options: fc.constant({ abortIfLatestUpdatedTimeChanged: true }),
          updateMask,
        }),
      },
    ),
  ],
  putExecutions: [4, fc.record({ executions: many(execution), updateMask })],
  putContexts: [4, fc.record({ contexts: many(context), updateMask })],
  putEvents: [5, fc.record({ events: many(event) })],
  putAttributionsAndAssociations: [
    4,
    fc.record({
      attributions: many(fc.record({ artifactId: maybe(nodeId, 9), contextId: nodeId })),
      associations: many(fc.record({ executionId: fc.constantFrom(1n, 2n, 3n), contextId: maybe(nodeId, 9) })),
    }),
  ],
  putParentContexts: [
    4,
    fc.record({ parentContexts: many(fc.record({ childId: nodeId, parentId: maybe(nodeId, 19) })) }),
  ],
  putExecution: [
    8,
    fc.record({
      execution: maybe(execution, 19),
      artifactEventPairs: many(pair),
      contexts: many(context),
      options: maybe(
        fc.record({
          reuseContextIfAlreadyExist: maybe(fc.boolean()),
          reuseArtifactIfAlreadyExistByExternalId: maybe(fc.boolean()),
          forceReuseContext: maybe(fc.boolean()),
          forceUpdateTime: maybe(fc.boolean()),
        }),
      ),
    }),
  ],
  putLineageSubgraph: [
    8,
    fc.record({
      executions: many(execution),
      artifacts: many(artifact),
      contexts: many(context),
      eventEdges: many(edge),
      options: maybe(
        fc.record({
          reuseContextIfAlreadyExist: maybe(fc.boolean()),
          reuseArtifactIfAlreadyExistByExternalId: maybe(fc.boolean()),
        }),
      ),
    }),
  ],
};
