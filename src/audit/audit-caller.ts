import type { Access } from '../auth/access.ts';
import type { Credentials } from '../auth/credentials.ts';
import type { AuditDoor } from '../domain/audit-line.ts';
import type { RequestFacts } from './request-audit.ts';

/** Longest text that is taken from a header. */
const MAX_HEADER = 200;

/** How a request came. */
export interface Came {
  readonly requestId: string;
  readonly door: AuditDoor;
  readonly route: string | null;
  readonly registry: string;
}

/** What is known of a request; `access` is absent where nobody knows who asks. */
export function factsOf(came: Came, { peer, values }: Credentials, access: Access | undefined): RequestFacts {
  const { name, groups, by } = access?.caller ?? {};
  return {
    requestId: came.requestId,
    caller: name === undefined || groups === undefined || by === undefined ? null : { name, groups, by },
    address: peer.address || null,
    // A caller whom a proxy named came through one that is believed; of anyone else the header says nothing.
    forwardedFor: by === 'proxy' ? values('x-forwarded-for').join(', ').slice(0, MAX_HEADER) || null : null,
    registry: came.registry,
    door: came.door,
    route: came.route,
  };
}
