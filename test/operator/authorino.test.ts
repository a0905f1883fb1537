import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startAuthorino } from '../cluster/authorino.ts';
import { requireCluster } from '../cluster/require.ts';
import { type OwnCluster, startCluster } from '../cluster/start-cluster.ts';
import type { Running } from '../process.ts';
import { install, registryText, startOperator, stopOperator, untilConditions } from './rig.ts';

const missing = requireCluster();

describe.skipIf(missing !== undefined)(
  `a registry that Authorino guards ${missing ?? ''}`,
  { timeout: 180_000 },
  () => {
    let cluster: OwnCluster;
    let operator: Running;
    let namespace: string;
    beforeAll(async () => {
      cluster = await startCluster({ controllers: true });
      await install(cluster);
      namespace = await cluster.createNamespace('guarded');
      // It looks twice as often whether there is an AuthConfig.
      operator = await startOperator(cluster, '--relist-seconds', '6');
    }, 180_000);
    afterAll(async () => {
      if (operator) await stopOperator(operator).finally(() => operator[Symbol.asyncDispose]());
      await cluster?.[Symbol.asyncDispose]();
    });

    test('waits for Authorino, and has it decide by the Roles', async () => {
      const subject = (name: string) => ({ kind: 'ServiceAccount', name });
      const auth = {
        authorino: { url: 'http://authorino:5001' },
        users: [subject('alice')],
        editors: [subject('bob')],
      };
      for (const name of ['alice', 'bob', 'carol']) await cluster.createServiceAccount(namespace, name);
      await cluster.apply(
        registryText(namespace, 'prod', { replicas: 0, store: { mlmd: { host: 'mlmd:8080' } }, auth }),
      );
      await untilConditions(cluster, namespace, 'prod', 'Degraded=True AuthorinoMissing');

      await using authorino = await startAuthorino(cluster, namespace);
      await untilConditions(cluster, namespace, 'prod', 'Degraded=False Healthy');
      const host = `prod.${namespace}.modelgraph`;
      await authorino.knows(host);
      const check = async (name: string, verb: string, audience = 'modelgraph') => {
        const token = await cluster.token(namespace, name, { audiences: [audience] });
        return authorino.check(host, { token, body: { verb, resource: 'registeredmodels' } });
      };
      const ask = async (...question: Parameters<typeof check>) => (await check(...question)).status;
      expect([await ask('alice', 'list'), await ask('alice', 'create')]).toEqual([200, 403]);
      expect([await ask('bob', 'list'), await ask('bob', 'create')]).toEqual([200, 200]);
      const { headers } = await check('carol', 'authenticate');
      expect(JSON.parse(String(headers['x-modelgraph-user']))).toMatchObject({
        name: `system:serviceaccount:${namespace}:carol`,
      });
      expect([await ask('carol', 'list'), await ask('bob', 'list', 'elsewhere')]).toEqual([403, 401]);
    });
  },
);
