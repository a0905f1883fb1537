import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';

import { openStore } from '../../src/mlmd/open.ts';
import { addressOf, start } from '../process.ts';
import { startEngine } from '../reference/engine.ts';
import { requireReference } from '../reference/require.ts';
import { send } from './rig.ts';

/** A new store file, and a gateway on it. */
async function openGateway() {
  const stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'modelgraph-test-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'store.sqlite');
  await (await openStore({ db: file })).store.close();
  const gateway = stack.use(start(['serve', '--db', file, '--port', '0', '--timeout', '60']));
  return { file, url: await addressOf(gateway), [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** What a create answers that fails. */
async function failure(url: string) {
  const { data, errors } = await send(url, 'createExperiment', { name: 'e' });
  expect(data).toBeNull();
  return errors?.map(({ extensions, path }) => `${extensions['code']} ${path}`);
}

describe('a failure that is not the caller’s is an error of the request:', () => {
  test('a store that another process holds locked', async () => {
    await using gateway = await openGateway();
    using other = new DatabaseSync(gateway.file);
    other.exec('BEGIN EXCLUSIVE');
    expect(await failure(gateway.url)).toEqual(['CONTENTION createExperiment']);
    other.exec('ROLLBACK');
    const { data } = await send(gateway.url, 'createExperiment', { name: 'e' });
    expect(data.createExperiment.userErrors).toEqual([]);
  });

  test.skipIf(requireReference())('a server that is away', async () => {
    const engine = await startEngine();
    await using gateway = start(['serve', '--mlmd', `${engine.host}:${engine.port}`, '--port', '0']);
    const url = await addressOf(gateway);
    await engine.stop();
    expect(await failure(url)).toEqual(['BACKEND_UNAVAILABLE createExperiment']);
  });
});
