import { OPEN_POLICY } from '../../src/auth/open-policy.ts';
import { countCalls } from '../../src/mlmd/count-calls.ts';
import { openStore, type StoreOptions } from '../../src/mlmd/open.ts';
import { createLog } from '../../src/observe.ts';
import { startGateway } from '../../src/server.ts';

/** What a query costs the gateway, and its answer. */
export interface Cost {
  readonly answer: unknown;
  readonly calls: readonly string[];
  /** SQL statements; undefined where the store is a server's. */
  readonly statements: number | undefined;
}

/** Runs a query on a gateway in this process and counts. The second time counts: a server's abilities are known then. */
export async function costOf(options: StoreOptions, body: string): Promise<Cost> {
  const opened = await openStore(options);
  const { store, calls } = countCalls(opened.store);
  const log = createLog('silent');
  const gateway = await startGateway({
    store,
    host: '127.0.0.1',
    port: 0,
    loopback: true,
    policy: OPEN_POLICY,
    timeoutMs: 30_000,
    log,
  });
  try {
    await ask(gateway.url, body);
    calls.length = 0;
    const before = opened.statements?.() ?? 0;
    const answer = await ask(gateway.url, body);
    const statements = opened.statements && opened.statements() - before;
    return { answer, calls: [...calls], statements };
  } finally {
    await gateway.close();
    await store.close();
  }
}

async function ask(url: string, body: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).json();
}
