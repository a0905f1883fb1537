import { RegistryError } from '../errors.ts';
import type { Caller } from './caller.ts';
import type { Credentials } from './credentials.ts';
import { noteMissingRight } from './missing-right.ts';
import { NODE_RESOURCES, type Permission, permissionName, type Resource } from './permission.ts';
import type { Policy } from './policy.ts';

/** What one caller may do, for as long as a request takes: what was decided once holds to its end. */
export interface Access {
  readonly caller: Caller;
  readonly registry: string;
  /** True where no one is ever refused anything, so that nothing needs to be asked. */
  readonly unbounded: boolean;
  /** The nouns whose nodes the caller may `get`. */
  readonly visible: ReadonlySet<Resource>;
  /** True where that is all of them. */
  readonly seesAll: boolean;
  /** UNAVAILABLE where it cannot be decided. */
  can(permission: Permission): Promise<boolean>;
  /** PERMISSION_DENIED where the caller may not. */
  demand(permission: Permission): Promise<void>;
}

/** The access of a caller under a policy. UNAVAILABLE where it cannot be decided what they may see. */
export async function openAccess(policy: Policy, caller: Caller, credentials: Credentials): Promise<Access> {
  const { registry, decide } = policy;
  const decided = new Map<string, Promise<boolean>>();

  function can(permission: Permission): Promise<boolean> {
    if (!decide) return Promise.resolve(true);
    const key = permissionName(permission);
    const known = decided.get(key) ?? decide({ ...permission, caller, credentials, registry });
    decided.set(key, known);
    return known;
  }

  const seen = await Promise.all(NODE_RESOURCES.map(async (resource) => can({ verb: 'get', resource })));
  const visible = new Set(NODE_RESOURCES.filter((_resource, index) => seen[index]));
  return {
    caller,
    registry,
    unbounded: decide === undefined,
    visible,
    seesAll: visible.size === NODE_RESOURCES.length,
    can,
    async demand(permission) {
      if (!(await can(permission))) throw refusal(permission, registry);
    },
  };
}

/** The error for who may not. It names no one and nothing that is stored. */
function refusal(permission: Permission, registry: string): RegistryError {
  const message = `You may not ${permissionName(permission)} in the registry '${registry}'.`;
  return noteMissingRight(new RegistryError('PERMISSION_DENIED', message), permission);
}
