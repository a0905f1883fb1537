import { RegistryError } from '../../errors.ts';
import { type Clock, createAnswerCache, KEEP_TOKEN_MS, type OnAnswer } from '../answer-cache.ts';
import type { Caller } from '../caller.ts';
import { hashOf } from '../hash-of.ts';
import { areKnownNames, isKnownName } from '../known-name.ts';
import type { Mode } from '../mode.ts';
import { cannotAuthenticate, invalidToken } from '../refusals.ts';
import { AUTHENTICATE, type AuthorinoOptions, authorizationOf, check } from './check.ts';

/** The header of Authorino's yes in which it says who it is: JSON with `name` and `groups`. */
export const USER_HEADER = 'x-modelgraph-user';

/** Knows callers by what Authorino says of their Authorization header. Nothing is done yet: the question has a verb of
 * its own. */
export function authorinoMode(options: AuthorinoOptions, registry: string, clock: Clock, onAnswer?: OnAnswer): Mode {
  type Answer = Caller | 'unknown' | 'forbidden';
  const cached = createAnswerCache<Answer>({
    clock,
    keepMs: (answer) => (typeof answer === 'object' ? KEEP_TOKEN_MS.yes : KEEP_TOKEN_MS.no),
    onAnswer,
  });

  async function asked(authorization: string): Promise<Answer> {
    try {
      const { verdict, reply } = await check(options, authorization, {
        verb: AUTHENTICATE,
        resource: '',
        name: registry,
      });
      return verdict === 'yes' ? toCaller(reply.headers[USER_HEADER]) : verdict;
    } catch (error) {
      options.onFailure(error);
      throw cannotAuthenticate(error);
    }
  }

  return async (credentials) => {
    const authorization = authorizationOf(credentials);
    if (authorization === undefined) return undefined;
    const answer = await cached(hashOf(authorization), () => asked(authorization));
    if (answer === 'unknown') throw invalidToken();
    if (answer === 'forbidden') throw refusal(registry);
    return answer;
  };
}

function refusal(registry: string): RegistryError {
  return new RegistryError('PERMISSION_DENIED', `You may not use the registry '${registry}'.`);
}

function toCaller(header: string | string[] | undefined): Caller {
  // Bytes of UTF-8 arrive as a character each.
  const text = typeof header === 'string' ? Buffer.from(header, 'latin1').toString('utf8') : '{}';
  const { name, groups } = Object(JSON.parse(text));
  if (!isKnownName(name) || !areKnownNames(groups ?? [])) {
    throw new Error(`Authorino's answer does not say who it is: the AuthConfig has to set the header ${USER_HEADER}.`);
  }
  return { name, groups: groups ?? [], by: 'authorino' };
}
