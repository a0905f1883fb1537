/** How a caller was known. */
export type CallerProof = 'anonymous' | 'jwt' | 'kubernetes' | 'authorino' | 'certificate' | 'proxy';

/** Who makes a request. */
export interface Caller {
  /** The user's name, e.g. `alice@example.org` or `system:serviceaccount:team-a:trainer`. */
  readonly name: string;
  readonly groups: readonly string[];
  readonly by: CallerProof;
  /** What tells it from another of the same name, at another time. Only a cluster knows one. */
  readonly uid?: string;
  /** What a cluster knows of it besides, for the cluster's own decisions. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** The caller of whom nothing is asked. */
export const ANONYMOUS: Caller = { name: 'system:anonymous', groups: ['system:unauthenticated'], by: 'anonymous' };

const KNOWN = 'system:authenticated';

/** The groups of a caller; everyone who is known is in `system:authenticated`, as in a cluster. */
export function groupsOf({ by, groups }: Caller): readonly string[] {
  return by === 'anonymous' || groups.includes(KNOWN) ? groups : [...groups, KNOWN];
}
