import { createHash } from 'node:crypto';

import type { Access } from '../auth/access.ts';
import type { Atomically, KeptAnswers, MetadataStore, MetadataStoreRpcs } from '../mlmd/store.ts';
import { guardedReads } from './guarded-reads.ts';
import { guardedTypes } from './guarded-types.ts';
import { guardedWrites } from './guarded-writes.ts';
import { accessOf } from './sight.ts';

/** Gives the store as a caller may have it. */
export type GuardedStore = (access: Access) => MetadataStore;

/**
 * A store behind which every caller finds what they may see, and can write what they may: for whom a call is, its
 * `access` says. Whoever may do everything gets the store itself; whoever sees everything all of its reads.
 */
export function guardStore(store: MetadataStore): GuardedStore {
  const { atomically } = store;
  const whole: MetadataStore = {
    ...store,
    ...guardedWrites(store),
    ...guardedTypes(store),
    ...(atomically && { atomically: guardedWork(atomically, wholeView) }),
  };
  const partial: MetadataStore = {
    ...partialView(store),
    partialReads: store.partialReads,
    exactFilters: store.exactFilters,
    ...(atomically && { atomically: guardedWork(atomically, partialView) }),
    // A right of its own, which is asked for before anything is read.
    ...(store.audit && { audit: store.audit }),
    // No group reads, which count what may not be seen, and no reads for walks, which go on from it.
    close: store.close,
  };
  return ({ unbounded, seesAll }) => (unbounded ? store : seesAll ? whole : partial);
}

/** RPCs whose writes are guarded. */
function wholeView(rpcs: MetadataStoreRpcs): MetadataStoreRpcs {
  return { ...rpcs, ...guardedWrites(rpcs), ...guardedTypes(rpcs) };
}

/** RPCs whose reads are guarded too. Each is named: a new one is missing here, and does not compile, until it is. */
function partialView(rpcs: MetadataStoreRpcs): MetadataStoreRpcs {
  return {
    ...guardedReads(rpcs),
    ...guardedWrites(rpcs),
    ...guardedTypes(rpcs),
    getArtifactType: rpcs.getArtifactType,
    getArtifactTypes: rpcs.getArtifactTypes,
    getArtifactTypesById: rpcs.getArtifactTypesById,
    getArtifactTypesByExternalIds: rpcs.getArtifactTypesByExternalIds,
    getExecutionType: rpcs.getExecutionType,
    getExecutionTypes: rpcs.getExecutionTypes,
    getExecutionTypesById: rpcs.getExecutionTypesById,
    getExecutionTypesByExternalIds: rpcs.getExecutionTypesByExternalIds,
    getContextType: rpcs.getContextType,
    getContextTypes: rpcs.getContextTypes,
    getContextTypesById: rpcs.getContextTypesById,
    getContextTypesByExternalIds: rpcs.getContextTypesByExternalIds,
  };
}

function guardedWork(atomically: Atomically, view: (rpcs: MetadataStoreRpcs) => MetadataStoreRpcs): Atomically {
  return (work, call = {}) => {
    const access = accessOf(call);
    return atomically((rpcs, kept) => work(view(rpcs), keptFor(access, kept)), call);
  };
}

/** Keys of one caller are no other's: the same word of two people is two keys. */
function keptFor({ caller }: Access, kept: KeptAnswers): KeptAnswers {
  const own = (key: string) =>
    createHash('sha256')
      .update(JSON.stringify([caller.by, caller.name, key]))
      .digest('base64url');
  return { find: (key) => kept.find(own(key)), keep: (key, answer) => kept.keep(own(key), answer), note: kept.note };
}
