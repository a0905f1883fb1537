import { describe } from 'vitest';

import { STORE_KINDS, type StoreKind } from './harness.ts';
import { requireReference } from './reference/require.ts';

/** The same tests over each store, whose kind stands for `%s`; those over MLMD's are skipped where there is no engine. */
export function describeStores(title: string, tests: (kind: StoreKind) => void): void {
  for (const kind of STORE_KINDS) {
    describe.skipIf(kind === 'remote' && requireReference())(title.replace('%s', kind), () => tests(kind));
  }
}
