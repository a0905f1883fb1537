import { RegistryError } from '../../errors.ts';

import { type Call, type MetadataStoreRpcs, RPC_NAMES, type RpcName, wireName } from '../store.ts';
import { insertLine } from './audit-rows.ts';
import { READS } from './reads.ts';
import { refuseLate } from './refuse-late.ts';
import type { EngineRpcs } from './rpc.ts';
import type { Database, Transaction } from './transaction.ts';
import { WRITES } from './writes.ts';

type AnyHandler = (transaction: Transaction, request: unknown, call: Call) => Promise<unknown>;

/** All RPCs as one function does them: it gets the RPC's name, and has to give its answer. */
export function createRpcs(run: (name: RpcName, request: unknown, call: Call) => Promise<unknown>): MetadataStoreRpcs {
  const rpcs = RPC_NAMES.map((name) => [name, async (request: unknown, call: Call = {}) => run(name, request, call)]);
  // Each RPC in RPC_NAMES got its own function just above; a mapped type cannot follow fromEntries.
  return Object.fromEntries(rpcs) as MetadataStoreRpcs;
}

/** An RPC in a transaction of its own. Throws at once where nobody waits for it any more. */
export function runAlone(database: Database, name: RpcName, request: unknown, call: Call): Promise<unknown> {
  refuseLate(call);
  const work = (transaction: Transaction) => runIn(transaction, name, request, call);
  if (!(name in WRITES)) return database.read(work);
  const { note } = call;
  if (!note) return database.write(work);
  return database.write(async (transaction) => {
    const answer = await work(transaction);
    await insertLine(transaction, note(answer));
    return answer;
  });
}

/** An RPC in a transaction that may hold others. Throws as {@link runAlone}. */
export function runIn(transaction: Transaction, name: RpcName, request: unknown, call: Call): Promise<unknown> {
  refuseLate(call); // it may have waited for others
  const handler = ((READS as EngineRpcs)[name] ?? (WRITES as EngineRpcs)[name]) as AnyHandler | undefined;
  if (handler) return handler(transaction, request, call);
  throw new RegistryError('UNIMPLEMENTED', `The embedded store does not answer ${wireName(name)} yet.`);
}
