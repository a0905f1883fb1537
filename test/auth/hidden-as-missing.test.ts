import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { RESOURCES } from '../../src/auth/permission.ts';
import type { RpcName } from '../../src/mlmd/store.ts';
import { openRpcRig, type RpcRig } from './rpc-rig.ts';

const MISSING = 9_999_999n;

/** All rights but to get nodes of one noun. */
const without = (noun: string) =>
  RESOURCES.flatMap((each) => [
    `list ${each}`,
    `create ${each}`,
    `update ${each}`,
    ...(each === noun ? [] : [`get ${each}`]),
  ]);

/** What may not be seen, and how it is asked for by an id, a name or an external id. */
type Ask = (asked: { readonly id: bigint; readonly name: string; readonly externalId: string }) => object;

const node = (id: bigint) => ({ id, typeId: 1n, properties: new Map(), customProperties: new Map() });
const NO_LINKS = { artifactEventPairs: [], contexts: [] };

const ARTIFACT: readonly (readonly [RpcName, Ask])[] = [
  ['getArtifactsById', ({ id }) => ({ artifactIds: [id] })],
  ['getArtifactsByExternalIds', ({ externalId }) => ({ externalIds: [externalId] })],
  ['getArtifactsByUri', ({ name }) => ({ uris: [name] })],
  ['getEventsByArtifactIDs', ({ id }) => ({ artifactIds: [id] })],
  ['getContextsByArtifact', ({ id }) => ({ artifactId: id })],
  ['putArtifacts', ({ id }) => ({ artifacts: [node(id)] })],
  ['putEvents', ({ id }) => ({ events: [{ artifactId: id, executionId: 1n, type: 1 }] })],
  [
    'putAttributionsAndAssociations',
    ({ id }) => ({ attributions: [{ artifactId: id, contextId: 1n }], associations: [] }),
  ],
  [
    'putExecution',
    ({ id }) => ({ execution: node(1n), ...NO_LINKS, artifactEventPairs: [{ event: { artifactId: id, type: 1 } }] }),
  ],
];

const EXECUTION: readonly (readonly [RpcName, Ask])[] = [
  ['getExecutionsById', ({ id }) => ({ executionIds: [id] })],
  ['getExecutionsByExternalIds', ({ externalId }) => ({ externalIds: [externalId] })],
  ['getEventsByExecutionIDs', ({ id }) => ({ executionIds: [id] })],
  ['getContextsByExecution', ({ id }) => ({ executionId: id })],
  ['putExecutions', ({ id }) => ({ executions: [node(id)] })],
  ['putExecution', ({ id }) => ({ execution: node(id), ...NO_LINKS })],
];

const CONTEXT: readonly (readonly [RpcName, Ask])[] = [
  ['getContextsById', ({ id }) => ({ contextIds: [id] })],
  ['getContextsByExternalIds', ({ externalId }) => ({ externalIds: [externalId] })],
  ['getParentContextsByContext', ({ id }) => ({ contextId: id })],
  ['getChildrenContextsByContext', ({ id }) => ({ contextId: id })],
  ['getParentContextsByContexts', ({ id }) => ({ contextIds: [id] })],
  ['getChildrenContextsByContexts', ({ id }) => ({ contextIds: [id] })],
  ['getArtifactsByContext', ({ id }) => ({ contextId: id })],
  ['getExecutionsByContext', ({ id }) => ({ contextId: id })],
  ['putContexts', ({ id }) => ({ contexts: [{ ...node(id), name: 'x' }] })],
  ['putParentContexts', ({ id }) => ({ parentContexts: [{ childId: id, parentId: id }] })],
];

describe('over gRPC, what may not be seen is answered as what is missing', () => {
  let rig: RpcRig;
  beforeAll(async () => {
    rig = await openRpcRig(Object.fromEntries(RESOURCES.map((noun) => [noun, without(noun)])));
    const { contexts } = await rig.store.getContextsById({ contextIds: [rig.sample.context.id] });
    await rig.store.putContexts({ contexts: contexts.map((context) => ({ ...context, externalId: 'cx' })) });
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  /** The same answer, but for the id that was asked for. */
  async function expectSame(name: RpcName, ask: Ask, noun: string, known: Parameters<Ask>[0]): Promise<void> {
    const told = async (asked: Parameters<Ask>[0]) => {
      const { code, details, answer } = await rig.call(name, ask(asked), noun);
      return { code, details: details.replace(String(asked.id), 'ID'), answer };
    };
    const missing = await told({ id: MISSING, name: 'none', externalId: 'none' });
    expect(await told(known)).toEqual(missing);
  }

  test.each(ARTIFACT)('an artifact: %s', async (name, ask) => {
    const { id, uri } = rig.sample.artifact;
    await expectSame(name, ask, 'artifacts', { id, name: uri, externalId: 'ax' });
  });

  test.each(EXECUTION)('an execution: %s', async (name, ask) => {
    await expectSame(name, ask, 'executions', { id: rig.sample.execution.id, name: '', externalId: 'ex' });
  });

  test.each(CONTEXT)('a context: %s', async (name, ask) => {
    const { id, name: own } = rig.sample.context;
    await expectSame(name, ask, 'contexts', { id, name: own, externalId: 'cx' });
  });
});
