import { type Access, openAccess } from './access.ts';
import { ANONYMOUS } from './caller.ts';
import type { Policy } from './policy.ts';

/** Everyone is the same caller, who may do everything. */
export const OPEN_POLICY: Policy = { registry: 'modelgraph', authenticate: async () => ANONYMOUS };

/** The access that everyone has under {@link OPEN_POLICY}. */
export const OPEN_ACCESS: Access = await openAccess(OPEN_POLICY, ANONYMOUS, {
  values: () => [],
  peer: { address: '' },
});
