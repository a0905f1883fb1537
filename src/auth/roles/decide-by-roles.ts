import { type Caller, groupsOf } from '../caller.ts';
import type { Permission } from '../permission.ts';
import type { Decide } from '../policy.ts';
import { ANY, type Grant, type Roles } from './roles.ts';

/** Decides by the roles of this moment. */
export function decideByRoles(current: () => Roles): Decide {
  return async ({ caller, registry, verb, resource }) => {
    const { roles, subjects } = current();
    const groups = new Set(groupsOf(caller));
    const own = subjects.filter((each) => isOne(caller, groups, each.users, each.groups));
    const grants = own.flatMap((subject) => subject.roles.flatMap((role) => roles.get(role) ?? []));
    return grants.some((grant) => permits(grant, { verb, resource }, registry));
  };
}

function isOne(
  caller: Caller,
  groups: ReadonlySet<string>,
  users: readonly string[],
  wanted: readonly string[],
): boolean {
  return users.includes(caller.name) || wanted.some((group) => groups.has(group));
}

function permits(grant: Grant, { verb, resource }: Permission, registry: string): boolean {
  const { verbs, resources, registries = [ANY] } = grant;
  return has(verbs, verb) && hasResource(verbs, resources, resource) && has(registries, registry);
}

/** All resources are those of the registry: who asked for what is shown to administrators, who have all verbs, or by its name. */
function hasResource(verbs: readonly string[], resources: readonly string[], resource: string): boolean {
  return resource === 'auditlog' && !verbs.includes(ANY) ? resources.includes(resource) : has(resources, resource);
}

function has(all: readonly string[], one: string): boolean {
  return all.includes(one) || all.includes(ANY);
}
