import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RegistryError } from '../../src/errors.ts';
import { openStore } from '../../src/mlmd/open.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { startEngine } from '../reference/engine.ts';
import { fillForFilters } from './filter-data.ts';

/** The kinds of nodes that can be filtered. */
export const NODE_KINDS = ['artifacts', 'executions', 'contexts'] as const;

/** One of {@link NODE_KINDS}. */
export type Kind = (typeof NODE_KINDS)[number];

/** Our store and the C++ engine on one file with the data of filter-data.ts. */
export interface FilterStores extends AsyncDisposable {
  readonly ours: MetadataStore;
  readonly engine: MetadataStore;
}

/** Fills a file, opens our store on it, and starts the engine on it too. */
export async function openFilterStores(fill = fillForFilters): Promise<FilterStores> {
  const stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'modelgraph-filter-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const db = join(folder, 'store.sqlite');
  const { store: ours } = await openStore({ db });
  stack.defer(() => ours.close());
  await fill(ours);
  const { host, port } = stack.use(await startEngine({ sqlite: db }));
  const { store: engine } = await openStore({ mlmd: `${host}:${port}` });
  stack.defer(() => engine.close());
  return { ours, engine, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** The ids that a filter lets through, in the list's order, or the code and the message of the refusal. */
export async function filtered(
  store: MetadataStore,
  kind: Kind,
  filterQuery: string,
): Promise<readonly number[] | string> {
  try {
    return (await listed(store, kind, filterQuery)).map(({ id = 0n }) => Number(id));
  } catch (error) {
    if (error instanceof RegistryError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

async function listed(store: MetadataStore, kind: Kind, filterQuery: string) {
  const request = { options: { filterQuery, maxResultSize: 100 } };
  switch (kind) {
    case 'artifacts':
      return (await store.getArtifacts(request)).artifacts;
    case 'executions':
      return (await store.getExecutions(request)).executions;
    case 'contexts':
      return (await store.getContexts(request)).contexts;
  }
}
