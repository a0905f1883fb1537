import type { Credentials } from '../../src/auth/credentials.ts';

/** What a door knows of a client that shows this token. */
export function bearer(token: string): Credentials {
  return {
    values: (name) => (name === 'authorization' ? [`Bearer ${token}`] : []),
    peer: { address: '127.0.0.1' },
  };
}
