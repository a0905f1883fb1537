import type { Credentials } from '../../src/auth/credentials.ts';
import type { Permission } from '../../src/auth/permission.ts';
import type { Policy } from '../../src/auth/policy.ts';

/** What a door knows of a client that shows this token. */
export function bearer(token: string): Credentials {
  return {
    values: (name) => (name === 'authorization' ? [`Bearer ${token}`] : []),
    peer: { address: '127.0.0.1' },
  };
}

/** Whether the policy lets who shows this token do it. */
export async function decided({ registry, authenticate, decide }: Policy, token: string, permission: Permission) {
  const credentials = bearer(token);
  return decide?.({ ...permission, caller: await authenticate(credentials), credentials, registry });
}
