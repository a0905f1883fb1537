import type { MetadataStore } from '../store.ts';
import { createAtomically } from './atomically.ts';
import type { Database } from './database.ts';
import { createGroupReads } from './group-reads.ts';
import { createRpcs, runAlone } from './run-rpc.ts';

/** The MLMD service on a database with MLMD's tables. RPCs that it lacks reject with UNIMPLEMENTED. */
export function createEmbeddedStore(database: Database): MetadataStore {
  const { atomically, refuseInside } = createAtomically(database);
  return {
    ...createRpcs((name, request, call) => {
      refuseInside();
      return runAlone(database, name, request, call);
    }),
    partialReads: true,
    exactFilters: true,
    atomically,
    groups: createGroupReads(database, refuseInside),
    close: () => database.close(),
  };
}
