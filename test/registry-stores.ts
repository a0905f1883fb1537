import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openStore } from '../src/mlmd/open.ts';
import type { MetadataStore } from '../src/mlmd/store.ts';
import type { StoreKind } from './harness.ts';
import { startEngine } from './reference/engine.ts';

/** A store of one kind. */
export interface OpenedStore extends AsyncDisposable {
  readonly store: MetadataStore;
}

/** A store with what `fill` writes; our own store writes it for both kinds. */
export async function openFilled(
  kind: StoreKind,
  fill: (store: MetadataStore) => Promise<void> = async () => {},
): Promise<OpenedStore> {
  const stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'modelgraph-registry-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const db = join(folder, 'store.sqlite');
  const { store: own } = await openStore({ db });
  await fill(own);
  if (kind === 'embedded') {
    stack.defer(() => own.close());
    return { store: own, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  }
  await own.close();
  const { host, port } = stack.use(await startEngine({ sqlite: db }));
  const { store } = await openStore({ mlmd: `${host}:${port}` });
  stack.defer(() => store.close());
  return { store, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
