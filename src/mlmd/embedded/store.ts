import type { MetadataStore } from '../store.ts';
import { createAtomically } from './atomically.ts';
import { createAuditRows } from './audit-rows.ts';
import { createGroupReads } from './group-reads.ts';
import { createRpcs, runAlone } from './run-rpc.ts';
import type { Database } from './transaction.ts';
import { createWalkReads } from './walk-reads.ts';

/**
 * The MLMD service on a database with MLMD's tables. RPCs that it lacks reject with UNIMPLEMENTED. `now` is the clock
 * by which kept answers grow old.
 */
export function createEmbeddedStore(database: Database, now: () => number = Date.now): MetadataStore {
  const { atomically, refuseInside } = createAtomically(database, now);
  return {
    ...createRpcs((name, request, call) => {
      refuseInside();
      return runAlone(database, name, request, call);
    }),
    partialReads: true,
    exactFilters: true,
    atomically,
    groups: createGroupReads(database, refuseInside),
    walks: createWalkReads(database, refuseInside),
    audit: createAuditRows(database, refuseInside),
    close: () => database.close(),
  };
}
