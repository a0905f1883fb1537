import { registryErrorIn } from '../../errors.ts';

/** What grpc-js says of calls that it has never handed to a server. */
const UNSENT = /No connection established|Name resolution failed|refused by server|before call started|not ready$/;

/** True where a call has ended without an answer, so that the server may have done what was asked, or may do it still. */
export function isUnheard(error: unknown): boolean {
  const { code, cause } = registryErrorIn(error) ?? {};
  if (code === 'DEADLINE_EXCEEDED') return true;
  return code === 'UNAVAILABLE' && cause instanceof Error && !UNSENT.test(cause.message);
}
