import { RegistryError } from '../../errors.ts';

import type { Call } from '../store.ts';

/** Throws CANCELLED or DEADLINE_EXCEEDED where nobody waits for the call any more: statements cannot be interrupted. */
export function refuseLate({ signal, deadline }: Call): void {
  if (signal?.aborted) throw new RegistryError('CANCELLED', 'The request was cancelled.');
  if (deadline !== undefined && Date.now() >= deadline) {
    throw new RegistryError('DEADLINE_EXCEEDED', 'The store did not answer in time.');
  }
}
