import { input, output, type WriteStep } from './step.ts';

/** Events, members of contexts, and parents of contexts. */
export const EDGE_STEPS: readonly WriteStep[] = [
  (store) => store.putEvents({ events: [{ artifactId: 1n, executionId: 1n, type: input }] }),
  (store) => store.putEvents({ events: [{ artifactId: 1n, executionId: 1n, type: input }] }),
  (store) =>
    store.putEvents({
      events: [
        {
          artifactId: 2n,
          executionId: 1n,
          type: output,
          millisecondsSinceEpoch: -5n,
          path: { steps: [{ key: 'é' }, { index: 0n }, {}, { key: '' }, { index: -1n }] },
        },
      ],
    }),
  (store) => store.putEvents({ events: [{ artifactId: 1n, executionId: 1n }] }),
  (store) => store.putEvents({ events: [{ artifactId: 1n, executionId: 1n, type: 0 }] }),
  (store) => store.putEvents({ events: [{ artifactId: 99n, executionId: 1n, type: input }] }),
  (store) => store.putEvents({ events: [{ artifactId: 1n, executionId: 99n, type: input }] }),
  (store) => store.putEvents({ events: [{ executionId: 1n, type: input }] }),
  (store) => store.putEvents({ events: [] }),
  (store) =>
    store.putAttributionsAndAssociations({
      attributions: [
        { contextId: 1n, artifactId: 1n },
        { contextId: 1n, artifactId: 1n },
        { contextId: 1n, artifactId: 2n },
      ],
      associations: [{ contextId: 2n, executionId: 1n }],
    }),
  (store) =>
    store.putAttributionsAndAssociations({
      attributions: [
        { contextId: 1n, artifactId: 1n },
        { contextId: 2n, artifactId: 3n },
      ],
      associations: [{ contextId: 2n, executionId: 1n }],
    }),
  (store) =>
    store.putAttributionsAndAssociations({ attributions: [{ contextId: 9n, artifactId: 1n }], associations: [] }),
  (store) =>
    store.putAttributionsAndAssociations({ attributions: [{ contextId: 1n, artifactId: 99n }], associations: [] }),
  (store) => store.putAttributionsAndAssociations({ attributions: [], associations: [{ contextId: 1n }] }),
  (store) => store.putParentContexts({ parentContexts: [{ childId: 1n, parentId: 2n }] }),
  (store) => store.putParentContexts({ parentContexts: [{ childId: 1n, parentId: 2n }] }),
  (store) => store.putParentContexts({ parentContexts: [{ childId: 2n, parentId: 1n }] }),
  (store) => store.putParentContexts({ parentContexts: [{ childId: 2n, parentId: 2n }] }),
  (store) => store.putParentContexts({ parentContexts: [{ childId: 2n, parentId: 9n }] }),
  (store) => store.putParentContexts({ parentContexts: [{ childId: 2n }] }),
];
