import fc from 'fast-check';

import type { Context } from '../../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { artifact, context, event, execution, many, maybe, nodeId, rarely, STORED, STORED_TIME } from './messages.ts';
import type { Requests } from './requests.ts';
import { TYPE_REQUESTS } from './type-writes.ts';

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

/** An artifact id that an event of a new execution or an edge may have without naming a node: ours has to be there. */
const storedArtifactId = fc.bigInt({ min: 1n, max: BigInt(STORED.artifacts) });
const storedExecutionId = fc.bigInt({ min: 1n, max: BigInt(STORED.executions) });

const loneEvent = event.map(({ artifactId, executionId, ...rest }) => rest);

const pair = fc.oneof(
  { weight: 6, arbitrary: fc.record({ artifact, event: loneEvent }) },
  { weight: 1, arbitrary: fc.record({ artifact, event }) },
  { weight: 3, arbitrary: fc.record({ artifact }) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(loneEvent, maybe(storedArtifactId, 19))
      .map(([each, artifactId]) => ({ event: artifactId === undefined ? each : { ...each, artifactId } })),
  },
);

/** One or two, seldom none. */
function some<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return seldom(fc.array(arbitrary, { minLength: 1, maxLength: 2 }), []);
}

const place = fc.oneof(
  { weight: 12, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.constantFrom(2, -1) },
);

const edge = fc.record({
  executionIndex: maybe(place, 5),
  artifactIndex: maybe(place, 5),
  event: maybe(loneEvent, 19),
});

/** An edge by places, by ids, or by both, which seldom agree. */
const namedEdge = fc.oneof(
  { weight: 3, arbitrary: edge },
  {
    weight: 2,
    arbitrary: fc.record({
      event: fc.tuple(loneEvent, storedArtifactId, storedExecutionId).map(([each, artifactId, executionId]) => ({
        ...each,
        artifactId,
        executionId,
      })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(edge, storedArtifactId).map(([each, artifactId]) => ({
      ...each,
      event: { ...each.event, artifactId },
    })),
  },
);

/** Updates of artifacts that build on a time: the right one, a wrong one and none. */
const timedArtifacts = many(
  fc
    .tuple(artifact, storedArtifactId, maybe(fc.constantFrom(STORED_TIME, STORED_TIME, STORED_TIME, 1n), 9))
    .map(([each, id, lastUpdateTimeSinceEpoch]) => ({ ...each, id, typeId: undefined, lastUpdateTimeSinceEpoch })),
  1,
);

const plain = { properties: new Map(), customProperties: new Map() };

const flag = maybe(fc.boolean());
const reusing = { reuseContextIfAlreadyExist: flag, reuseArtifactIfAlreadyExistByExternalId: flag };

/** With a new name and the external id of another: ABORTED where it may be reused. */
const conflict: Context = { ...plain, typeId: 13n, name: 'not yet there', externalId: 'y' };
const reuse = {
  reuseContextIfAlreadyExist: true,
  reuseArtifactIfAlreadyExistByExternalId: undefined,
  forceReuseContext: undefined,
  forceUpdateTime: undefined,
};
const conflicting = {
  putExecution: { execution: { ...plain, typeId: 12n }, artifactEventPairs: [], contexts: [conflict], options: reuse },
  putLineageSubgraph: { executions: [], artifacts: [], contexts: [conflict], eventEdges: [], options: reuse },
};

/** Mostly the first, and one of twenty times the constant. */
function seldom<T>(arbitrary: fc.Arbitrary<T>, constant: T): fc.Arbitrary<T> {
  return fc.oneof({ weight: 19, arbitrary }, { weight: 1, arbitrary: fc.constant(constant) });
}

/** Updates that take what another node has, which the C++ engine calls INTERNAL. */
const takenExternalId = storedArtifactId.map((id) => [{ ...plain, id, externalId: 'x' }]);
const takenName: Context = { ...plain, id: 1n, typeId: 13n, name: 'context 1' };

/** Requests of the RPCs that write. */
export const WRITE_REQUESTS: Requests = {
  ...TYPE_REQUESTS,
  putArtifacts: [
    6,
    fc.oneof(
      { weight: 8, arbitrary: fc.record({ artifacts: many(artifact), updateMask }) },
      { weight: 1, arbitrary: fc.record({ artifacts: takenExternalId }) },
      {
        weight: 3,
        arbitrary: fc.record({
          artifacts: timedArtifacts,
          options: fc.constant({ abortIfLatestUpdatedTimeChanged: true }),
          updateMask,
        }),
      },
    ),
  ],
  putExecutions: [4, fc.record({ executions: many(execution), updateMask })],
  putContexts: [
    4,
    seldom(fc.record({ contexts: many(context), updateMask }), { contexts: [takenName], updateMask: [] }),
  ],
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
    12,
    seldom(
      fc.record({
        execution: maybe(execution, 19),
        artifactEventPairs: many(pair),
        contexts: many(context),
        options: maybe(fc.record({ ...reusing, forceReuseContext: flag, forceUpdateTime: flag })),
      }),
      conflicting.putExecution,
    ),
  ],
  putLineageSubgraph: [
    12,
    seldom(
      fc.record({
        executions: some(execution),
        artifacts: some(artifact),
        contexts: many(context),
        eventEdges: many(namedEdge),
        options: maybe(fc.record(reusing)),
      }),
      conflicting.putLineageSubgraph,
    ),
  ],
};
