import { RegistryError } from '../errors.ts';
import type { Caller } from './caller.ts';
import type { Credentials } from './credentials.ts';
import type { Permission } from './permission.ts';
import type { Policy } from './policy.ts';

/** What one caller may do, for as long as a request takes: what was decided once holds to its end. */
export interface Access {
  readonly caller: Caller;
  readonly registry: string;
  /** True where no one is ever refused anything, so that nothing needs to be asked. */
  readonly unbounded: boolean;
  /** UNAVAILABLE where it cannot be decided. */
  can(permission: Permission): Promise<boolean>;
  /** PERMISSION_DENIED where the caller may not. */
  demand(permission: Permission): Promise<void>;
}

/** The access of a caller under a policy. */
export function createAccess(policy: Policy, caller: Caller, credentials: Credentials): Access {
  const { registry, decide } = policy;
  const decided = new Map<string, Promise<boolean>>();

  function can({ verb, resource }: Permission): Promise<boolean> {
    if (!decide) return Promise.resolve(true);
    const key = `${verb} ${resource}`;
    const known = decided.get(key) ?? decide({ caller, credentials, registry, verb, resource });
    decided.set(key, known);
    return known;
  }

  return {
    caller,
    registry,
    unbounded: decide === undefined,
    can,
    async demand(permission) {
      if (!(await can(permission))) throw refusal(permission, registry);
    },
  };
}

/** The error for who may not. It names no one and nothing that is stored. */
function refusal({ verb, resource }: Permission, registry: string): RegistryError {
  return new RegistryError('PERMISSION_DENIED', `You may not ${verb} ${resource} in the registry '${registry}'.`);
}
