import type { Logger } from 'pino';
import type { Access } from './auth/access.ts';
import { type Budget, createBudget } from './budget.ts';
import type { RequestAudit } from './domain/audit-line.ts';
import type { RegistryError } from './errors.ts';
import type { GuardedStore } from './guard/guard-store.ts';
import type { Purse } from './limits/purse.ts';
import { createEdgeLoaders } from './loaders/edges.ts';
import { createFamilyLoaders } from './loaders/family.ts';
import { createGroupLoaders } from './loaders/groups.ts';
import { createListTurns } from './loaders/list-turns.ts';
import { createMembershipLoaders } from './loaders/memberships.ts';
import { createNamedLoaders } from './loaders/named-artifacts.ts';
import { createNodeLoaders } from './loaders/nodes.ts';
import { createOwnerLinks } from './loaders/owner-links.ts';
import { createRegisteredLoaders } from './loaders/registered.ts';
import { createTypeLoaders } from './loaders/types.ts';
import { createWalkReads } from './loaders/walk-reads.ts';
import type { RequestTally } from './metrics/request-tally.ts';
import type { Call, MetadataStore } from './mlmd/store.ts';
import type { RequestTrace } from './traces/request-trace.ts';

/** What one request has to work with. */
export interface Context {
  /** Who asks, and what they may do. */
  readonly access: Access;
  readonly store: MetadataStore;
  /** Until when the answer is awaited; its signal's reason is the RegistryError that ended the request early. */
  readonly call: Call & { readonly deadline: number; readonly signal: AbortSignal };
  /** Ends the request with one error, whatever is still under way. */
  readonly stop: (error: RegistryError) => void;
  readonly loaders: Loaders;
  /** Makes what was read before be read again: something has changed it. */
  readonly forget: () => void;
  readonly budget: Budget;
  /** What the request pays from, where callers have a limit of what they may ask for in a time. */
  readonly purse: Purse | undefined;
  readonly log: Logger;
  /** What is counted of the request; undefined where nothing is. */
  readonly tally: RequestTally | undefined;
  /** What follows the request; undefined where nothing does. */
  readonly trace: RequestTrace | undefined;
  /** True where something was left out, up to now, that the caller may not see. */
  readonly withheld: () => boolean;
  /** The same request, of whose `withheld` only counts what is read through it. */
  readonly watched: () => Context;
}

/** Batched reads by key, made anew for each request. */
export type Loaders = ReturnType<typeof createLoaders>;

/** The parts of a context that differ between requests. */
export interface RequestParts {
  readonly access: Access;
  readonly store: MetadataStore;
  /** The store as callers may have it; absent where everyone has all of it. */
  readonly guarded?: GuardedStore;
  /** Absent where nothing is audited. */
  readonly audit?: RequestAudit | undefined;
  readonly log: Logger;
  /** How long the request may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly purse?: Purse | undefined;
  /** What is counted of the request; absent where nothing is. */
  readonly tally?: RequestTally | undefined;
  /** What follows the request; absent where nothing does. */
  readonly trace?: RequestTrace | undefined;
}

/** The context of a request that begins now. */
export function createContext(parts: RequestParts): Context {
  const { access, store, guarded, audit, log, timeoutMs, purse, tally, trace } = parts;
  const controller = new AbortController();
  const stop = (error: RegistryError) => controller.abort(error);
  const budget = createBudget(stop);
  const view = guarded ? guarded(access) : store;

  /** With loaders of its own, so that `withheld` hears of all that is read through it, and of nothing else. */
  function open(call: Context['call']): Context {
    let withheld = false;
    const heard: Context['call'] = {
      ...call,
      withheld() {
        withheld = true;
        call.withheld?.();
      },
    };
    const loaders = createLoaders({ store: view, structure: store }, heard, budget);
    const context: Context = {
      ...{ access, store: view, call: heard, stop, budget, purse, log, tally, trace, loaders },
      // In place: Apollo hands resolvers a copy of the context, which has the same object of loaders.
      forget: () => void Object.assign(loaders, createLoaders({ store: view, structure: store }, heard, budget)),
      withheld: () => withheld,
      watched: () => (access.seesAll ? context : open(heard)),
    };
    return context;
  }

  return open({
    deadline: Date.now() + timeoutMs,
    signal: controller.signal,
    ...{ access, audit },
    ...(tally && { tally }),
    ...(trace && { batch: trace.batch }),
  });
}

/** Where loaders read from. */
interface Sources {
  readonly store: MetadataStore;
  /** The store as no one in particular sees it: what a row belongs to does not depend on who asks. Gives ids only. */
  readonly structure: MetadataStore;
}

function createLoaders({ store, structure }: Sources, call: Call, budget: Budget) {
  const nodes = createNodeLoaders(store, call);
  const family = createFamilyLoaders(store, call);
  const parents = structure === store ? family : createFamilyLoaders(structure, call);
  const rows = createRegisteredLoaders(store, call, { ...nodes, ...parents });
  const links = createOwnerLinks(structure, call, parents);
  const known = { registered: rows.registered.contextOfType, links, structure };
  return {
    ...nodes,
    ...family,
    ...createTypeLoaders(store, call),
    ...createEdgeLoaders(store, call),
    ...createMembershipLoaders(store, call),
    ...rows,
    links,
    ...createGroupLoaders(store, call, budget.foresee, known),
    ...createNamedLoaders(store, call),
    ...createListTurns(),
    ...createWalkReads(store, call, nodes),
    /** Groups for walks, which pass more nodes than they show: their own bounds end them. */
    walkGroups: createGroupLoaders(store, call, () => {}, known).groups,
  };
}
