import { expect, test } from 'vitest';

import { gatewayArgs } from '../../src/operator/desired/gateway-args.ts';
import type { RegistrySpec } from '../../src/operator/registry/model-registry.ts';
import { run } from '../process.ts';
import { MLMD_STORE, registryOf, SPEC } from './sample.ts';

const TLS = { mlmd: { host: 'a:1', tls: { caSecret: { name: 's', key: 'k' } } } };
const MONITORED = { enabled: true, namespace: 'monitoring' };
const AUTHS: readonly RegistrySpec['auth'][] = [
  SPEC.auth,
  { authorino: { url: 'http://a:1', audience: 'a' } },
  { jwt: { issuer: 'https://i', audience: 'a', roles: 'r' } },
];

test('`modelgraph serve` has the flags that the operator gives it', async () => {
  const { stdout } = await run(['serve', '--help']);
  const known = new Set(stdout.match(/--[a-z-]+/g));
  const specs = [SPEC.store, MLMD_STORE, TLS].flatMap((store) => AUTHS.map((auth) => ({ store, auth })));
  const args = specs.flatMap((spec) =>
    gatewayArgs({
      registry: registryOf({ ...spec, monitoring: MONITORED, audit: { enabled: true } }),
      defaultImage: 'i',
    }),
  );
  const flags = new Set(args.filter((arg) => arg.startsWith('--')));
  expect(flags.size).toBeGreaterThan(12);
  expect([...flags].filter((flag) => !known.has(flag))).toEqual([]);
});
