import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { openStore } from '../../src/mlmd/open.ts';
import { createLog } from '../../src/observe.ts';
import { startGateway } from '../../src/server.ts';
import { startEngine } from '../reference/engine.ts';
import { requireReference } from '../reference/require.ts';
import { ask } from './ask.ts';
import { IDS } from './world.ts';

interface Operation {
  readonly requestBody?: {
    readonly content: { readonly 'application/json': { readonly schema: { readonly $ref: string } } };
  };
}

const { paths, components } = JSON.parse(readFileSync('docs/api/openapi.json', 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { example?: object; oneOf?: { $ref: string }[] }> };
};

describe.skipIf(requireReference())('every operation', () => {
  test.each([
    ['is a 503 to be tried again, while the store is away', 'stop', 503],
    ['is a 504, while the store hangs', 'pause', 504],
  ] as const)('%s', { timeout: 60_000 }, async (_what, trouble, expected) => {
    await using engine = await startEngine();
    const { store } = await openStore({ mlmd: `${engine.host}:${engine.port}` });
    await using _store = { [Symbol.asyncDispose]: () => store.close() };
    const gateway = await startGateway({
      ...{ store, host: '127.0.0.1', port: 0, loopback: true, timeoutMs: 1_500, log: createLog('silent') },
    });
    await using _gateway = { [Symbol.asyncDispose]: () => gateway.close() };
    expect((await ask(gateway.url, 'GET', '/api/model_registry/v1alpha3/artifacts')).status).toBe(200);
    await engine[trouble]();
    const answers = await Promise.all(
      requests().map(async ([method, path, body]) => {
        const { status, headers, json } = await ask(gateway.url, method, path, { body });
        return [`${method} ${path}`, status, headers.get('retry-after'), Object.keys(json as object)];
      }),
    );
    expect(answers).toHaveLength(56);
    const retry = expected === 503 ? '1' : null;
    expect(answers).toEqual(answers.map(([request]) => [request, expected, retry, ['code', 'message']]));
  });
});

/** A request that would be well, to each operation. */
function requests(): [method: string, path: string, body: object | undefined][] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, string, object | undefined] => {
      const url = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => IDS[name] ?? '1');
      const find = method === 'get' && !url.endsWith('s') && /\/[a-z_]+$/.test(url) ? '?externalId=x' : '';
      const reference = operation.requestBody?.content['application/json'].schema.$ref;
      return [method.toUpperCase(), `${url}${find}`, reference ? exampleOf(reference) : undefined];
    }),
  );
}

function exampleOf(reference: string): object {
  const component = components.schemas[reference.split('/').at(-1) ?? ''];
  const [first] = component?.oneOf ?? [];
  return component?.example ?? (first ? exampleOf(first.$ref) : {});
}
