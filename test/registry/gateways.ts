import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openStore } from '../../src/mlmd/open.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { addressOf, type Running, start } from '../process.ts';
import { startEngine } from '../reference/engine.ts';

/** What several gateways can share. */
export type Shared = 'a C++ engine' | 'a file' | 'a served file';

/** Gateways, each a process of its own, that share one store. */
export interface Gateways extends AsyncDisposable {
  readonly urls: readonly string[];
  /** The store, without a gateway. */
  readonly store: MetadataStore;
}

/** Starts two gateways over one C++ engine, over one SQLite file, or over a file that a third process serves. */
export async function startGateways(shared: Shared): Promise<Gateways> {
  const stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'modelgraph-test-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'store.sqlite');
  await (await openStore({ db: file })).store.close();
  const address = shared === 'a file' ? undefined : await serve(shared, file, stack);
  const options = address === undefined ? ['--db', file] : ['--mlmd', address];
  const running = [1, 2].map(() => stack.use(start(['serve', ...options, '--port', '0', '--timeout', '60'])));
  const { store } = await openStore(address === undefined ? { db: file } : { mlmd: address });
  stack.defer(() => store.close());
  return {
    urls: await Promise.all(running.map(addressOf)),
    store,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function serve(shared: Shared, file: string, stack: AsyncDisposableStack): Promise<string> {
  if (shared === 'a C++ engine') {
    const engine = stack.use(await startEngine({ sqlite: file }));
    return `${engine.host}:${engine.port}`;
  }
  const server: Running = stack.use(start(['mlmd', '--db', file, '--port', '0']));
  const [, address = ''] = await server.seen(/(127\.0\.0\.1:\d+)/);
  return address;
}
