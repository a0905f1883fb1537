import type { Caller } from './caller.ts';
import type { Credentials } from './credentials.ts';

/**
 * One way of knowing a caller. Undefined where the request shows nothing of its kind; UNAUTHENTICATED for what it shows
 * and is not valid, UNAVAILABLE where that cannot be found out now.
 */
export type Mode = (credentials: Credentials) => Promise<Caller | undefined>;
