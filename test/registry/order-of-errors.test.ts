import { expect, test } from 'vitest';

import { OPEN_POLICY } from '../../src/auth/open-policy.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { createLog } from '../../src/observe.ts';
import { startGateway } from '../../src/server.ts';
import { openFilled } from '../registry-stores.ts';
import { toRegistry } from './rig.ts';

const SLOW = ['getContextsById', 'getContextByTypeAndName', 'getContextsByExternalIds'] as const;

/** What is wrong with a create is found by several reads at once; REST's status is that of the first mistake. */
test.each(SLOW)('the mistakes of a create come in one order, though %s is slow', async (slow) => {
  await using opened = await openFilled('embedded');
  await using gateway = await openSlow(opened.store, slow);
  const { refused, ...registry } = toRegistry({ url: gateway.url, store: opened.store });
  await registry.do('createRegisteredModel', { name: 'm' });
  await registry.do('createServingEnvironment', { name: 'e', externalId: 'x' });
  const service = { name: 's', servingEnvironmentId: '2', registeredModelId: '1' };
  await registry.do('createInferenceService', service);
  const wrong = { ...service, registeredModelId: '99', modelVersionId: '98', externalId: 'x' };
  expect((await refused('createInferenceService', wrong)).map(({ code, field }) => [code, field])).toEqual([
    ['NOT_FOUND', ['registeredModelId']],
    ['NOT_FOUND', ['modelVersionId']],
    ['NAME_TAKEN', ['name']],
    ['EXTERNAL_ID_TAKEN', ['externalId']],
  ]);
});

/** A gateway over the store, as if it was far away: without transactions, and with a read that is answered late. */
async function openSlow({ atomically: _, ...store }: MetadataStore, name: (typeof SLOW)[number]) {
  const late: typeof store = {
    ...store,
    [name]: async (request: never, call: never) => {
      const answer = await store[name](request, call);
      await new Promise((resolve) => setTimeout(resolve, 50));
      return answer;
    },
  };
  const gateway = await startGateway({
    store: late,
    host: '127.0.0.1',
    port: 0,
    loopback: true,
    policy: OPEN_POLICY,
    timeoutMs: 30_000,
    rest: undefined,
    log: createLog('silent'),
  });
  return { url: gateway.url, [Symbol.asyncDispose]: () => gateway.close() };
}
