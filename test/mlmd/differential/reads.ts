import fc from 'fast-check';

import { LineageSubgraphQueryOptions_Direction as Direction } from '../../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { externalId, many, maybe, nodeId, nodeName, rarely } from './messages.ts';
import type { Requests } from './requests.ts';

/** In list options: the token of the last page that this RPC gave in this store. */
export const LAST_TOKEN = 'the token of the last page';

const common = [
  'id > 2',
  'id IN (1, 3, 5)',
  'id < 4 AND name = "a"',
  'external_id = "x"',
  '2 < id',
  'id = 1 AND (',
  '',
];
const FILTERS = {
  artifact: [...common, 'type = "A"', 'uri = "u"', 'state = LIVE', 'contexts_x.id = 1', 'contexts_x.id IN (1, 2)'],
  execution: [...common, 'type = "E"', 'last_known_state = COMPLETE', 'contexts_x.id = 2 AND id > 1'],
  context: [...common, 'type = "C"', 'name = "\\"; DROP TABLE Artifact; --"'],
};

function listOptions(kind: keyof typeof FILTERS) {
  const filterQuery = fc.constantFrom(...FILTERS[kind]);
  const byTime = { field: 2 as const, isAsc: true };
  const orderByField = fc.constantFrom({ field: 3 as const }, { field: 3 as const, isAsc: false }, { isAsc: true }, {});
  const createTime = fc.constantFrom({ field: 1 as const, isAsc: true }, { field: 1 as const, isAsc: false });
  return maybe(
    fc.oneof(
      fc.record({ maxResultSize: maybe(fc.constantFrom(1, 2, 3, 100), 3), filterQuery: rarely(filterQuery) }),
      fc.record({ maxResultSize: fc.constantFrom(1, 2), nextPageToken: fc.constant(LAST_TOKEN) }),
      fc.record({
        maxResultSize: fc.constantFrom(1, 2, 3),
        orderByField: fc.oneof(orderByField, createTime),
        nextPageToken: maybe(fc.constant(LAST_TOKEN)),
        filterQuery: rarely(filterQuery),
      }),
      // By time of the last update only whole lists: pages of it are documented to differ.
      fc.constant({ maxResultSize: 100, orderByField: byTime }),
      fc.constantFrom(
        { maxResultSize: 0 },
        { maxResultSize: -1 },
        { nextPageToken: '!' },
        { orderByField: { field: 0 as const } },
      ),
    ),
    4,
  );
}

const aType = {
  typeName: maybe(fc.constantFrom('A', 'E', 'C', 'A2', 'V', 'W', 'mlmd.Model', 'none'), 19),
  typeVersion: rarely(fc.constantFrom('1', '2', '')),
};
const aTypeOf = (name: string) => ({
  ...aType,
  typeName: fc.oneof({ weight: 3, arbitrary: fc.constant(name) }, aType.typeName),
});
const ids = many(nodeId, 4);
const typeIds = many(fc.constantFrom(1n, 5n, 10n, 11n, 12n, 13n, 14n, 15n, 16n), 4);
const externalIds = many(
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom('x', 'y', "O'Hara", 'none') }, externalId),
  3,
);
const typeExternalIds = many(fc.oneof({ weight: 5, arbitrary: fc.constantFrom('tx', 'ty', 'none') }, externalId), 3);
const nothing = fc.constant({});

const ending = fc.record({
  filterQuery: maybe(fc.constantFrom('id = 2', 'id > 3', 'id IN (1, 5)', '', 'id = ('), 9),
  includeEndingNodes: maybe(fc.boolean()),
});
const starting = fc.record({
  filterQuery: maybe(fc.constantFrom('id = 1', 'id > 0', 'id IN (2, 3)', 'id = 3', 'id = 99'), 19),
});

const lineageOptions = fc
  .tuple(
    fc.record({
      maxNumHops: maybe(
        fc.oneof(
          { weight: 20, arbitrary: fc.constantFrom(0n, 1n, 2n, 3n, 4n, 5n, 101n) },
          { weight: 1, arbitrary: fc.constant(-1n) },
        ),
      ),
      direction: maybe(fc.constantFrom(...Object.values(Direction))),
      endingArtifacts: rarely(ending),
      endingExecutions: rarely(ending),
    }),
    fc.oneof(
      { weight: 10, arbitrary: fc.record({ startingArtifacts: starting }) },
      { weight: 10, arbitrary: fc.record({ startingExecutions: starting }) },
      { weight: 1, arbitrary: nothing },
    ),
  )
  .map(([options, start]) => ({ ...options, ...start }));

const readMask = rarely(
  many(
    fc.constantFrom(
      'artifacts',
      'executions',
      'contexts',
      'events',
      'attributions',
      'associations',
      'artifact_types',
      'execution_types',
      'context_types',
      'parent_contexts',
      'artifacts.id',
    ),
    4,
  ),
);

/** Requests of the RPCs that read and that the C++ engine answers. */
export const READ_REQUESTS: Requests = {
  getArtifactType: [1, fc.record(aTypeOf('A'))],
  getArtifactTypes: [1, nothing],
  getArtifactTypesById: [1, fc.record({ typeIds })],
  getArtifactTypesByExternalIds: [1, fc.record({ externalIds: typeExternalIds })],
  getExecutionType: [1, fc.record(aTypeOf('E'))],
  getExecutionTypes: [1, nothing],
  getExecutionTypesById: [1, fc.record({ typeIds })],
  getExecutionTypesByExternalIds: [1, fc.record({ externalIds: typeExternalIds })],
  getContextType: [1, fc.record(aTypeOf('C'))],
  getContextTypes: [1, nothing],
  getContextTypesById: [1, fc.record({ typeIds })],
  getContextTypesByExternalIds: [1, fc.record({ externalIds: typeExternalIds })],
  getArtifacts: [3, fc.record({ options: listOptions('artifact') })],
  getExecutions: [3, fc.record({ options: listOptions('execution') })],
  getContexts: [3, fc.record({ options: listOptions('context') })],
  getArtifactsById: [2, fc.record({ artifactIds: ids, populateArtifactTypes: maybe(fc.boolean()) })],
  getExecutionsById: [1, fc.record({ executionIds: ids })],
  getContextsById: [1, fc.record({ contextIds: ids })],
  getArtifactsByType: [2, fc.record({ ...aTypeOf('A'), options: listOptions('artifact') })],
  getExecutionsByType: [2, fc.record({ ...aTypeOf('E'), options: listOptions('execution') })],
  getContextsByType: [2, fc.record({ ...aTypeOf('C'), options: listOptions('context') })],
  getArtifactByTypeAndName: [1, fc.record({ ...aTypeOf('A'), artifactName: maybe(nodeName, 9) })],
  getExecutionByTypeAndName: [1, fc.record({ ...aTypeOf('E'), executionName: maybe(nodeName, 9) })],
  getContextByTypeAndName: [1, fc.record({ ...aTypeOf('C'), contextName: maybe(nodeName, 9) })],
  getArtifactsByUri: [1, fc.record({ uris: many(fc.constantFrom('', 'u', 'v', 'none'), 3) })],
  getArtifactsByExternalIds: [1, fc.record({ externalIds })],
  getExecutionsByExternalIds: [1, fc.record({ externalIds })],
  getContextsByExternalIds: [1, fc.record({ externalIds })],
  getEventsByArtifactIDs: [1, fc.record({ artifactIds: ids })],
  getEventsByExecutionIDs: [1, fc.record({ executionIds: ids })],
  getContextsByArtifact: [1, fc.record({ artifactId: maybe(nodeId, 9) })],
  getContextsByExecution: [1, fc.record({ executionId: maybe(nodeId, 9) })],
  getArtifactsByContext: [2, fc.record({ contextId: maybe(nodeId, 9), options: listOptions('artifact') })],
  getExecutionsByContext: [2, fc.record({ contextId: maybe(nodeId, 9), options: listOptions('execution') })],
  getParentContextsByContext: [1, fc.record({ contextId: maybe(nodeId, 9) })],
  getChildrenContextsByContext: [1, fc.record({ contextId: maybe(nodeId, 9) })],
  getLineageSubgraph: [8, fc.record({ lineageSubgraphQueryOptions: maybe(lineageOptions, 19), readMask })],
};

const everyArtifact = { maxResultSize: 100 };
const boundary = fc.constantFrom(
  { artifactsOptions: everyArtifact },
  { artifactsOptions: { ...everyArtifact, filterQuery: 'id = 1' } },
  { artifactsOptions: { ...everyArtifact, filterQuery: 'id IN (2, 4)' } },
  { artifactsOptions: { ...everyArtifact, filterQuery: 'id = 1' }, stopConditions: { boundaryExecutions: 'id > 1' } },
  { artifactsOptions: { ...everyArtifact, filterQuery: 'id > 2' }, stopConditions: { boundaryArtifacts: 'id > 2' } },
  { artifactsOptions: { ...everyArtifact, filterQuery: 'id = 99' } },
  { artifactsOptions: { maxResultSize: 0 } },
);

/** Requests of the RPCs that the C++ engine does not answer, but whose answers follow from those of others. */
export const DERIVED_REQUESTS: Requests = {
  getParentContextsByContexts: [1, fc.record({ contextIds: ids })],
  getChildrenContextsByContexts: [1, fc.record({ contextIds: ids })],
  getLineageGraph: [
    2,
    fc.tuple(boundary, maybe(fc.constantFrom(0n, 1n, 2n, 3n, 4n, 21n))).map(([options, maxNumHops]) => ({
      options: { ...options, maxNodeSize: 0n, stopConditions: { ...options.stopConditions, maxNumHops } },
    })),
  ],
};
