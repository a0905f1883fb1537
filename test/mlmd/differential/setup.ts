import { STORED } from './messages.ts';
import { type Step, step } from './step.ts';

const plain = { properties: new Map(), customProperties: new Map() };

const TYPES = step('putTypes', {
  artifactTypes: [
    {
      name: 'A',
      properties: new Map([
        ['n', 1],
        ['s', 3],
        ['st', 4],
      ]),
    },
    { name: 'A2', properties: new Map(), baseType: 2, externalId: 'tx' },
  ],
  executionTypes: [{ name: 'E', properties: new Map([['n', 1]]) }],
  contextTypes: [{ name: 'C', properties: new Map([['n', 1]]) }],
});

const ARTIFACTS = step('putArtifacts', {
  artifacts: many(STORED.artifacts, () => ({ ...plain, typeId: 10n, uri: 'u' }), { externalId: 'x' }),
});
const EXECUTIONS = step('putExecutions', {
  executions: many(STORED.executions, () => ({ ...plain, typeId: 12n }), {}),
});
const CONTEXTS = step('putContexts', {
  contexts: many(STORED.contexts, (index) => ({ ...plain, typeId: 13n, name: `context ${index}` }), {
    externalId: 'y',
  }),
});

/** So many nodes, the last one with more. */
function many<Node extends object, More extends object>(length: number, node: (index: number) => Node, more: More) {
  return Array.from({ length }, (_, index) => ({ ...node(index), ...(index === length - 1 && more) }));
}

// 1 -> (1) -> 2, 3 -> (2) -> 4 -> (3) -> 5
const EVENTS = step('putEvents', {
  events: [
    { artifactId: 1n, executionId: 1n, type: 3 },
    { artifactId: 2n, executionId: 1n, type: 4 },
    { artifactId: 3n, executionId: 1n, type: 1 },
    { artifactId: 2n, executionId: 2n, type: 3, path: { steps: [{ key: 'in' }, { index: 0n }] } },
    { artifactId: 3n, executionId: 2n, type: 5 },
    { artifactId: 4n, executionId: 2n, type: 4 },
    { artifactId: 4n, executionId: 3n, type: 2 },
    { artifactId: 5n, executionId: 3n, type: 7 },
  ],
});
const LINKS = step('putAttributionsAndAssociations', {
  attributions: [
    { artifactId: 1n, contextId: 1n },
    { artifactId: 2n, contextId: 2n },
    { artifactId: 5n, contextId: 1n },
  ],
  associations: [{ executionId: 3n, contextId: 2n }],
});

const PARENTS = step('putParentContexts', {
  parentContexts: [
    { childId: 1n, parentId: 2n },
    { childId: 2n, parentId: 3n },
  ],
});

/** What every sequence finds in both stores. */
export const SETUP: readonly Step[] = [TYPES, ARTIFACTS, EXECUTIONS, CONTEXTS, EVENTS, LINKS, PARENTS];
