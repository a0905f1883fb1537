import { RegistryError } from '../../errors.ts';

import { type Call, type MetadataStore, type MetadataStoreRpcs, RPC_NAMES, type RpcName, wireName } from '../store.ts';
import type { Database, Transaction } from './database.ts';
import { READS } from './reads.ts';
import type { EngineRpcs } from './rpc.ts';
import { WRITES } from './writes.ts';

/** The MLMD service on a database with MLMD's tables. RPCs that it lacks reject with UNIMPLEMENTED. */
export function createEmbeddedStore(database: Database): MetadataStore {
  const rpcs = Object.fromEntries(RPC_NAMES.map((name) => [name, rpc(database, name)]));
  return {
    // Each RPC in RPC_NAMES got its own handler just above; a mapped type cannot follow fromEntries.
    ...(rpcs as unknown as MetadataStoreRpcs),
    partialReads: true,
    close: () => database.close(),
  };
}

type AnyHandler = (transaction: Transaction, request: unknown, call: Call) => Promise<unknown>;

function rpc(database: Database, name: RpcName) {
  const read = (READS as EngineRpcs)[name] as AnyHandler | undefined;
  const write = (WRITES as EngineRpcs)[name] as AnyHandler | undefined;
  return async (request: unknown, call: Call = {}): Promise<unknown> => {
    refuseLate(call);
    if (read) return database.read((transaction) => read(transaction, request, call));
    if (write) {
      return database.write((transaction) => {
        refuseLate(call); // it may have waited for others
        return write(transaction, request, call);
      });
    }
    throw new RegistryError('UNIMPLEMENTED', `The embedded store does not answer ${wireName(name)} yet.`);
  };
}

/** Statements are synchronous and cannot be interrupted, so a call that comes too late is not begun. */
function refuseLate({ signal, deadline }: Call): void {
  if (signal?.aborted) throw new RegistryError('CANCELLED', 'The request was cancelled.');
  if (deadline !== undefined && Date.now() >= deadline) {
    throw new RegistryError('DEADLINE_EXCEEDED', 'The store did not answer in time.');
  }
}
