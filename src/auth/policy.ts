import type { Caller } from './caller.ts';
import type { Credentials } from './credentials.ts';
import type { Permission } from './permission.ts';

/** Says who asks. UNAUTHENTICATED for who cannot be known, UNAVAILABLE where that cannot be found out now. */
export type Authenticate = (credentials: Credentials) => Promise<Caller>;

/** What is to be decided. */
export interface Question extends Permission {
  readonly caller: Caller;
  /** For who decides by them, such as Authorino. */
  readonly credentials: Credentials;
  /** The registry that the gateway serves. */
  readonly registry: string;
}

/** True where the caller may. UNAVAILABLE where that cannot be found out: never a guess. */
export type Decide = (question: Question) => Promise<boolean>;

/** Who may do what with a gateway. */
export interface Policy {
  /** The registry that the gateway serves, by which permissions name it. */
  readonly registry: string;
  readonly authenticate: Authenticate;
  /** Headers that say who asks: nothing behind the door gets to see them. */
  readonly identityHeaders?: readonly string[];
  /** Absent where everyone may do everything. */
  readonly decide?: Decide;
}
