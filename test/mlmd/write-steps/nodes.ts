import type { MetadataStore } from '../../../src/mlmd/store.ts';
import { A, C, E, none, oneOfEach, plain, values, type WriteStep } from './step.ts';

/** Creating and updating artifacts, executions and contexts. */
export const NODE_STEPS: readonly WriteStep[] = [
  (store) => store.putArtifacts({ artifacts: [{ ...plain, typeId: A, name: 'a1', properties: oneOfEach }] }),
  (store) => store.putArtifacts({ artifacts: [{ ...plain, typeId: A, name: 'a1' }] }),
  (store) =>
    store.putArtifacts({
      artifacts: [
        { ...plain, typeId: A },
        { ...plain, typeId: A, state: 0, uri: 'u' },
      ],
    }),
  (store) => store.putArtifacts({ artifacts: [{ ...plain, typeId: A, externalId: '', name: '', uri: '' }] }),
  (store) => store.putArtifacts({ artifacts: [{ ...plain, typeId: A, externalId: '' }] }),
  (store) => store.putArtifacts({ artifacts: [{ ...plain, typeId: A, externalId: 'x1' }] }),
  (store) => store.putArtifacts({ artifacts: [{ ...plain, typeId: A, externalId: 'x1' }] }),
  (store) => store.putArtifacts({ artifacts: [plain] }),
  (store) => store.putArtifacts({ artifacts: [{ ...plain, typeId: 99n }] }),
  (store) => store.putArtifacts({ artifacts: [{ ...plain, typeId: E }] }),
  (store) => store.putArtifacts({ artifacts: [{ ...plain, typeId: A, properties: values({ no: { intValue: 1n } }) }] }),
  (store) =>
    store.putArtifacts({ artifacts: [{ ...plain, typeId: A, properties: values({ n: { doubleValue: 1 } }) }] }),
  (store) => store.putArtifacts({ artifacts: [{ ...plain, typeId: A, properties: values({ n: {} }) }] }),
  (store) => store.putArtifacts({ artifacts: [{ ...plain, typeId: A, customProperties: oneOfEach }] }),
  // Updates.
  async (store) => store.putArtifacts({ artifacts: [await again(store, 1n)] }),
  async (store) => store.putArtifacts({ artifacts: [await again(store, 1n, { createTimeSinceEpoch: 7n })] }),
  async (store) => store.putArtifacts({ artifacts: [await again(store, 1n, { typeId: undefined })] }),
  async (store) => store.putArtifacts({ artifacts: [await again(store, 1n, { typeId: 13n })] }),
  async (store) => store.putArtifacts({ artifacts: [await again(store, 1n, { name: 'not renamed' })] }),
  async (store) => store.putArtifacts({ artifacts: [await again(store, 2n)] }),
  async (store) => store.putArtifacts({ artifacts: [await again(store, 2n, { type: undefined })] }),
  async (store) => store.putArtifacts({ artifacts: [await again(store, 3n, { uri: undefined })] }),
  async (store) => store.putArtifacts({ artifacts: [await again(store, 4n, { externalId: undefined, state: 2 })] }),
  async (store) =>
    store.putArtifacts({ artifacts: [await again(store, 1n, { customProperties: values({ k: { intValue: 1n } }) })] }),
  async (store) => store.putArtifacts({ artifacts: [await again(store, 1n, { properties: none })] }),
  (store) => store.putArtifacts({ artifacts: [{ ...plain, id: 1n, properties: values({ n: { intValue: 0n } }) }] }),
  (store) => store.putArtifacts({ artifacts: [{ ...plain, id: 999n }] }),
  (store) => store.putArtifacts({ artifacts: [{ ...plain, id: 1n, properties: values({ no: { intValue: 1n } }) }] }),
  (store) =>
    store.putArtifacts({
      artifacts: [
        { ...plain, id: 1n, uri: 'first', customProperties: values({ k: { intValue: 1n }, l: { boolValue: true } }) },
        { ...plain, id: 1n, uri: 'second', customProperties: values({ k: { stringValue: 'x' } }) },
        { ...plain, typeId: A, uri: 'made and' },
        { ...plain, id: 7n, uri: 'updated' },
      ],
    }),
  (store) => store.putArtifacts({ artifacts: [{ ...plain, id: 1n, externalId: 'x1' }] }),
  // Masks.
  (store) => store.putArtifacts({ artifacts: [{ ...plain, id: 1n, uri: 'm', state: 2 }], updateMask: ['uri'] }),
  (store) =>
    store.putArtifacts({ artifacts: [{ ...plain, id: 1n, uri: 'm', state: 2 }], updateMask: ['state', 'bogus', ''] }),
  (store) => store.putArtifacts({ artifacts: [{ ...plain, id: 1n, name: 'm' }], updateMask: ['name', 'state'] }),
  (store) =>
    store.putArtifacts({ artifacts: [{ ...plain, id: 1n, properties: oneOfEach }], updateMask: ['properties.s'] }),
  (store) =>
    store.putArtifacts({ artifacts: [{ ...plain, id: 1n }], updateMask: ['properties.n', 'custom_properties'] }),
  (store) =>
    store.putArtifacts({ artifacts: [{ ...plain, id: 1n, properties: oneOfEach }], updateMask: ['properties'] }),
  (store) =>
    store.putArtifacts({
      artifacts: [{ ...plain, id: 1n, customProperties: values({ 'a.b': { intValue: 1n }, c: { intValue: 1n } }) }],
      updateMask: ['custom_properties.a.b', 'external_id'],
    }),
  (store) =>
    store.putArtifacts({
      artifacts: [{ ...plain, id: 1n, properties: values({ no: { intValue: 1n } }) }],
      updateMask: ['properties.n'],
    }),
  (store) =>
    store.putArtifacts({
      artifacts: [{ ...plain, id: 1n, properties: values({ no: { intValue: 1n } }) }],
      updateMask: ['properties.no'],
    }),
  (store) => store.putArtifacts({ artifacts: [{ ...plain, typeId: A, uri: 'whole' }], updateMask: ['name'] }),
  // Optimistic locking.
  (store) =>
    store.putArtifacts({ artifacts: [{ ...plain, id: 1n }], options: { abortIfLatestUpdatedTimeChanged: true } }),
  async (store) =>
    store.putArtifacts({
      artifacts: [await again(store, 1n, { uri: 'locked' })],
      options: { abortIfLatestUpdatedTimeChanged: true },
    }),
  (store) =>
    store.putArtifacts({ artifacts: [{ ...plain, id: 99n }], options: { abortIfLatestUpdatedTimeChanged: true } }),
  // Executions and contexts.
  (store) => store.putExecutions({ executions: [{ ...plain, typeId: E, name: 'e1', lastKnownState: 2 }] }),
  (store) => store.putExecutions({ executions: [{ ...plain, typeId: E, name: 'e1' }] }),
  (store) => store.putExecutions({ executions: [{ ...plain, id: 1n, lastKnownState: 3, externalId: 'e' }] }),
  (store) =>
    store.putExecutions({ executions: [{ ...plain, id: 1n, lastKnownState: 4 }], updateMask: ['last_known_state'] }),
  (store) => store.putExecutions({ executions: [{ ...plain, id: 1n }], updateMask: ['custom_properties'] }),
  (store) =>
    store.putContexts({
      contexts: [
        { ...plain, typeId: C, name: 'c1' },
        { ...plain, typeId: C, name: 'c2' },
      ],
    }),
  (store) => store.putContexts({ contexts: [{ ...plain, typeId: C, name: 'c1' }] }),
  (store) => store.putContexts({ contexts: [{ ...plain, typeId: C }] }),
  (store) => store.putContexts({ contexts: [{ ...plain, typeId: C, name: '' }] }),
  (store) => store.putContexts({ contexts: [{ ...plain, id: 1n }] }),
  (store) => store.putContexts({ contexts: [{ ...plain, id: 1n, name: 'c2' }] }),
  (store) => store.putContexts({ contexts: [{ ...plain, id: 1n, name: 'renamed', externalId: 'c' }] }),
  (store) => store.putContexts({ contexts: [{ ...plain, id: 1n }], updateMask: ['name'] }),
  (store) => store.putContexts({ contexts: [{ ...plain, id: 1n }], updateMask: ['external_id'] }),
];

/** The artifact as the store has it, changed. */
async function again(store: MetadataStore, id: bigint, changes: object = {}) {
  const { artifacts } = await store.getArtifactsById({ artifactIds: [id] });
  return { ...plain, ...artifacts[0], ...changes };
}
