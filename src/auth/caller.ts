/** How a caller was known. */
export type CallerProof = 'anonymous' | 'jwt' | 'kubernetes' | 'authorino' | 'certificate' | 'proxy';

/** Who makes a request. */
export interface Caller {
  /** The user's name, e.g. `alice@example.org` or `system:serviceaccount:team-a:trainer`. */
  readonly name: string;
  readonly groups: readonly string[];
  readonly by: CallerProof;
}

/** The caller of whom nothing is asked. */
export const ANONYMOUS: Caller = { name: 'system:anonymous', groups: ['system:unauthenticated'], by: 'anonymous' };
