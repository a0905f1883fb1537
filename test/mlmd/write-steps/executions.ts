import type { MetadataStore } from '../../../src/mlmd/store.ts';
import { A, C, E, input, oneOfEach, output, plain, putPair, type WriteStep } from './step.ts';

/** Executions with their artifacts, events and contexts. */
export const EXECUTION_STEPS: readonly WriteStep[] = [
  (store) => store.putExecution({ artifactEventPairs: [], contexts: [] }),
  (store) =>
    store.putExecution({
      execution: { ...plain, typeId: E, customProperties: oneOfEach },
      artifactEventPairs: [
        { artifact: { ...plain, typeId: A }, event: { type: output, path: { steps: [{ key: 'k' }, { index: 2n }] } } },
        { artifact: { ...plain, id: 3n, uri: 'in' }, event: { artifactId: 3n, type: input } },
        { event: { artifactId: 1n, type: input } },
        { artifact: { ...plain, typeId: A } },
      ],
      contexts: [
        { ...plain, typeId: C, name: 'run' },
        { ...plain, id: 2n, typeId: C, name: 'c2 renamed' },
      ],
    }),
  (store) => store.putExecution({ execution: { ...plain, typeId: E }, artifactEventPairs: [{}], contexts: [] }),
  (store) => putInContext(store, { ...plain, typeId: C, name: 'run' }),
  (store) => putInContext(store, { ...plain, typeId: C, name: 'run' }, { reuseContextIfAlreadyExist: true }),
  (store) =>
    putInContext(store, { ...plain, typeId: C, name: 'new', externalId: 'n' }, { reuseContextIfAlreadyExist: true }),
  (store) =>
    putInContext(store, { ...plain, typeId: C, name: 'other', externalId: 'n' }, { reuseContextIfAlreadyExist: true }),
  (store) => putInContext(store, { ...plain, id: 1n, typeId: C, name: 'run' }, { reuseContextIfAlreadyExist: true }),
  (store) => putInContext(store, { ...plain, typeId: C, name: '' }, { reuseContextIfAlreadyExist: true }),
  (store) => putInContext(store, { ...plain, id: 1n, name: 'no type' }),
  (store) => putInContext(store, { ...plain, id: 1n, typeId: C }),
  (store) => putInContext(store, { ...plain, id: 1n }, { forceReuseContext: true }),
  (store) => putInContext(store, { ...plain, id: 99n }, { forceReuseContext: true }),
  (store) => putPair(store, { event: { type: input } }),
  (store) => putPair(store, { event: { artifactId: 1n } }),
  (store) => putPair(store, { event: { artifactId: 1n, executionId: 99n, type: input } }),
  (store) => putPair(store, { artifact: { ...plain, id: 1n }, event: { artifactId: 2n, type: input } }),
  (store) => putPair(store, { artifact: { ...plain, typeId: 99n } }),
  (store) =>
    store.putExecution({
      execution: { ...plain, typeId: E },
      artifactEventPairs: ['1', '2'].map((uri) => ({ artifact: { ...plain, typeId: A, externalId: 'reused', uri } })),
      contexts: [],
      options: { reuseArtifactIfAlreadyExistByExternalId: true },
    }),
  (store) =>
    store.putExecution({
      execution: { ...plain, typeId: E },
      artifactEventPairs: [{ artifact: { ...plain, typeId: A, externalId: 'reused' } }],
      contexts: [],
    }),
  (store) => store.putExecution({ execution: { ...plain, id: 99n }, artifactEventPairs: [], contexts: [] }),
  async (store) => store.putExecution({ ...(await sameExecution(store)) }),
  async (store) => store.putExecution({ ...(await sameExecution(store)), options: { forceUpdateTime: true } }),
];

function putInContext(
  store: MetadataStore,
  context: Parameters<MetadataStore['putContexts']>[0]['contexts'][number],
  options: Parameters<MetadataStore['putExecution']>[0]['options'] = {},
) {
  return store.putExecution({
    execution: { ...plain, typeId: E },
    artifactEventPairs: [],
    contexts: [context],
    options,
  });
}

async function sameExecution(store: MetadataStore) {
  const {
    executions: [execution],
  } = await store.getExecutionsById({ executionIds: [2n] });
  return { execution, artifactEventPairs: [], contexts: [] };
}
