import type { Resource, Verb } from '../permission.ts';

/** What a roles file says. */
export interface Roles {
  /** By the name of the role. */
  readonly roles: ReadonlyMap<string, readonly Grant[]>;
  readonly subjects: readonly Subject[];
}

/** Everything. */
export const ANY = '*';

/** What a role may: each of the verbs on each of the resources, in each of the registries. */
export interface Grant {
  readonly verbs: readonly (Verb | typeof ANY)[];
  readonly resources: readonly (Resource | typeof ANY)[];
  /** Names of registries; absent for all. */
  readonly registries?: readonly string[];
}

/** Who has which roles: whoever has one of the names, or is in one of the groups. */
export interface Subject {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly roles: readonly string[];
}
