import type { Permission } from '../../src/auth/permission.ts';
import type { Policy } from '../../src/auth/policy.ts';

/** A right in words: `get artifacts`, `* artifacts`, `get *`. */
export type Right = string;

/** Who may what in which registry: callers name themselves by a bearer token, which is their name. */
export type Roles = Readonly<Record<string, readonly Right[]>>;

/** True where one of the rights is this permission. */
export function allows(rights: readonly Right[], { verb, resource }: Permission): boolean {
  return rights.some((right) => {
    const [verbs, resources] = right.split(' ');
    const any = resources === '*' && (resource !== 'auditlog' || verbs === '*');
    return (verbs === '*' || verbs === verb) && (any || resources === resource);
  });
}

/** The policy by which a caller is believed, and has the rights of these roles. */
export function policyOf(roles: Roles, registry = 'modelgraph'): Policy {
  return {
    registry,
    authenticate: async ({ values }) => ({
      name: values('authorization')[0]?.replace('Bearer ', '') ?? 'nobody',
      groups: [],
      by: 'jwt',
    }),
    decide: async ({ caller, ...permission }) => allows(roles[caller.name] ?? [], permission),
  };
}

/** The headers of a caller. */
export function as(name: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${name}` };
}
