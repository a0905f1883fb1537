import type { Kind } from './filter-stores.ts';

/** Tests of states by their names. */
export const STATES: Readonly<Record<Kind, readonly string[]>> = {
  artifacts: [
    'state = LIVE',
    'state != DELETED',
    'state IN (PENDING, LIVE)',
    'state NOT IN (LIVE, UNKNOWN)',
    'state=PENDING',
  ],
  executions: [
    'last_known_state = COMPLETE',
    'last_known_state != FAILED',
    'last_known_state not in (CACHED)',
    'last_known_state IN (RUNNING)',
  ],
  contexts: [
    'artifacts_a.state = LIVE',
    'executions_a.last_known_state IN (COMPLETE, FAILED)',
    'artifacts_b.state IN (DELETED)',
  ],
};

/** Tests of the types of events, of artifacts and executions. */
export const EVENTS = [
  'events_a.type = INPUT',
  'events_a.type != OUTPUT',
  'events_b.type IN (DECLARED_INPUT, INTERNAL_OUTPUT)',
  'events_b.type NOT IN (INPUT, OUTPUT)',
];

/** Names of whole numbers, besides id and properties. */
export const INTEGERS: Readonly<Record<Kind, readonly string[]>> = {
  artifacts: [
    'state',
    'contexts_a.id',
    'contexts_b.id',
    'contexts_a.create_time_since_epoch',
    'events_a.execution_id',
    'events_b.execution_id',
    'events_a.milliseconds_since_epoch',
    'events_a.type',
  ],
  executions: [
    'last_known_state',
    'contexts_a.id',
    'contexts_b.id',
    'contexts_b.last_update_time_since_epoch',
    'events_a.artifact_id',
    'events_b.artifact_id',
    'events_b.milliseconds_since_epoch',
    'events_b.type',
  ],
  contexts: [
    'parent_contexts_a.id',
    'parent_contexts_b.id',
    'child_contexts_a.id',
    'artifacts_a.id',
    'artifacts_a.create_time_since_epoch',
    'executions_a.id',
    'executions_b.last_known_state',
  ],
};

/** Names of texts, besides those of every node and properties. */
export const TEXTS: Readonly<Record<Kind, readonly string[]>> = {
  artifacts: ['uri', 'contexts_a.name', 'contexts_b.type'],
  executions: ['contexts_a.name', 'contexts_a.type'],
  contexts: [
    'parent_contexts_a.name',
    'child_contexts_a.name',
    'child_contexts_a.type',
    'artifacts_a.uri',
    'artifacts_b.name',
    'executions_a.type',
  ],
};

/** Names that the engine refuses, or refuses for this kind of node. */
export const NOWHERE = [
  'foo',
  'state',
  'uri',
  'contexts_a',
  'contexts_a.foo',
  'contexts_a.external_id',
  'events_a.id',
  'artifacts_a.id',
  'parent_contexts_a.id',
  'properties.i',
  'properties.i.value',
  'properties',
  'id.x',
  'INPUT',
];

/** The names that most nodes have come up most often: a filter that joins what is nowhere proves little. */
const PROPERTIES = [
  ...Array.from({ length: 5 }, () => ['properties.i', 'custom_properties.i', 'properties.s', 'properties.d']).flat(),
  ...['properties.b', 'custom_properties.s', 'custom_properties.`my name`', "custom_properties.`it's`"],
  ...['properties.nope', 'custom_properties.`é`', 'custom_properties.`a.b`', 'custom_properties.`d`'],
];

/** The paths of a field of properties. */
export function properties(field: string): readonly string[] {
  return PROPERTIES.map((name) => `${name}.${field}`);
}

/** Two tests of one neighbour, some of which only two neighbours could pass. */
export const OF_ONE: Readonly<Record<Kind, readonly string[]>> = {
  artifacts: [
    'contexts_a.id = {} AND contexts_a.id = {}',
    'contexts_a.id = {} AND contexts_a.id != {}',
    'events_a.execution_id = {} AND events_a.milliseconds_since_epoch = {}000',
    'events_a.execution_id = {} AND id < {} AND events_a.type = INPUT',
  ],
  executions: [
    'contexts_a.id = {} AND contexts_a.id = {}',
    'contexts_b.id > {} AND contexts_b.id <= {}',
    'events_a.artifact_id = {} AND events_a.milliseconds_since_epoch = {}000',
    'events_a.artifact_id != {} AND id < {} AND events_a.type IN (OUTPUT)',
  ],
  contexts: [
    'child_contexts_a.id = {} AND child_contexts_a.id >= {}',
    'parent_contexts_a.id = {} AND parent_contexts_a.id = {}',
    'artifacts_a.id = {} AND artifacts_a.id != {}',
    'artifacts_a.id = {} AND artifacts_a.id < {} OR executions_a.id = {}',
  ],
};

/** Names of texts that every node has, often. */
export const NAMES = ['name', 'type', 'external_id'].flatMap((each) => [each, each, each, each]);
