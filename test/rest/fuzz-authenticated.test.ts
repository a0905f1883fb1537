import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { openGuarded } from '../auth/guarded.ts';
import { newKey, sign, startIdentityProvider } from '../auth/identity-provider.ts';
import { ask } from './ask.ts';
import { fuzz, missingFuzzer } from './schemathesis.ts';
import { seed } from './world.ts';

/** The last sends each request again without a token and with a wrong one, which have to be refused. */
const CHECKS = [
  ...['not_a_server_error', 'response_schema_conformance', 'status_code_conformance', 'content_type_conformance'],
  ...['unsupported_method', 'ignored_auth'],
];

const READER = {
  roles: {
    reader: [{ verbs: ['get', 'list'], resources: ['registeredmodels', 'modelversions'] }],
    all: [{ verbs: ['*'], resources: ['*'] }],
  },
  subjects: [
    { users: ['alice'], roles: ['all'] },
    { users: ['bob'], roles: ['reader'] },
  ],
};

describe.skipIf(missingFuzzer())('schemathesis, where callers have to show a token', { timeout: 900_000 }, () => {
  test.each(['alice', 'bob'])('finds nothing as %s', async (sub) => {
    const key = await newKey('a');
    await using provider = await startIdentityProvider(key);
    using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-fuzz-'));
    const roles = join(folder.path, 'roles.yaml');
    writeFileSync(roles, JSON.stringify(READER)); // JSON is YAML
    const flags = { auth: ['jwt'], jwtIssuer: [provider.issuer], jwtAudience: ['modelgraph'], roles } as const;
    await using gateway = await openGuarded(flags, { decides: true });
    const tokenOf = (name: string) =>
      sign(key, { iss: provider.issuer, sub: name, exp: Math.floor(Date.now() / 1_000) + 3_600 });
    await seed(gateway.url, { authorization: `Bearer ${await tokenOf('alice')}` });
    const document = join(folder.path, 'openapi.json');
    const { json } = await ask(gateway.url, 'GET', '/api/model_registry/v1alpha3/openapi.json');
    // Here a token is needed.
    writeFileSync(document, JSON.stringify({ ...Object(json), security: [{ Bearer: [] }] }));
    const found = await fuzz(document, gateway.url, {
      ...{ checks: CHECKS, examples: 4, randomOnly: true, token: await tokenOf(sub) },
    });
    expect(found.findings, found.output.slice(0, 10_000)).toEqual([]);
    expect(found.cases).toBeGreaterThan(200);
    expect(found.output).toMatch(/Tested: 56\n/);
  });
});
