import type { Credentials } from '../credentials.ts';
import type { Decide } from '../policy.ts';
import { cannotDecide } from '../refusals.ts';
import { type AuthorinoOptions, authorizationOf, check } from './check.ts';

/** Authorino knows the caller by this alone. */
export function authorizationValues(credentials: Credentials): readonly string[] {
  return credentials.values('authorization');
}

/** Decides by asking Authorino, which sees the caller's Authorization header. Whom it does not know may nothing. */
export function decideByAuthorino(options: AuthorinoOptions): Decide {
  return async ({ credentials, registry, verb, resource }) => {
    const authorization = authorizationOf(credentials);
    try {
      const { verdict } = await check(options, authorization, { verb, resource, name: registry });
      return verdict === 'yes';
    } catch (error) {
      options.onFailure(error);
      throw cannotDecide(error);
    }
  };
}
