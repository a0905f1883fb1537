import { RegistryError } from '../errors.ts';

/** The one error for whatever is wrong with what a request shows: which fault it is, only the log may know. */
export function invalidToken(cause?: unknown): RegistryError {
  return new RegistryError('UNAUTHENTICATED', 'The token is not valid here.', { cause });
}

/** The error for a caller who cannot be known now: the gateway cannot reach who would say it. */
export function cannotAuthenticate(cause: unknown): RegistryError {
  return new RegistryError('UNAVAILABLE', 'It cannot be found out now who you are; try again.', { cause });
}

/** The error for a question that cannot be decided now. */
export function cannotDecide(cause: unknown): RegistryError {
  return new RegistryError('UNAVAILABLE', 'It cannot be found out now what you may do; try again.', { cause });
}
