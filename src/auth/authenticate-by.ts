import { RegistryError, registryErrorIn } from '../errors.ts';
import { ANONYMOUS } from './caller.ts';
import type { Mode } from './mode.ts';
import type { Authenticate } from './policy.ts';

/** How callers are known. */
export interface ModesOptions {
  /** Tried in this order. */
  readonly modes: readonly Mode[];
  /** True where who shows nothing is let in, as {@link ANONYMOUS}. Who shows what is not valid never is. */
  readonly anonymous: boolean;
}

/** The first mode that knows the caller decides. Where one could not find out, no other's refusal counts. */
export function authenticateBy({ modes, anonymous }: ModesOptions): Authenticate {
  return async (credentials) => {
    const failures: RegistryError[] = [];
    for (const mode of modes) {
      try {
        const caller = await mode(credentials);
        if (caller) return caller;
      } catch (error) {
        failures.push(failureIn(error));
      }
    }
    const failure = failures.find(({ code }) => code !== 'UNAUTHENTICATED') ?? failures[0];
    if (failure) throw failure;
    if (anonymous) return ANONYMOUS;
    throw new RegistryError('UNAUTHENTICATED', 'The request does not say who makes it; this gateway has to know.');
  };
}

function failureIn(error: unknown): RegistryError {
  const known = registryErrorIn(error);
  if (known) return known;
  throw error;
}
