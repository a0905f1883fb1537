import DataLoader from 'dataloader';

import { inParallel } from '../domain/in-parallel.ts';

/** Lists that no other read can be joined with; those of a tick are read 16 at once. */
export function createListTurns() {
  const turns = new DataLoader<() => Promise<unknown>, unknown>(
    async (lists) =>
      inParallel([...lists], (list) =>
        list().catch((error: unknown) => (error instanceof Error ? error : new Error(String(error)))),
      ),
    { cache: false },
  );
  return {
    /** The page that `list` gives, when its turn has come. */
    async inTurn<Page>(list: () => Promise<Page>): Promise<Page> {
      const pages: Page[] = [];
      await turns.load(async () => void pages.push(await list()));
      const [page] = pages;
      if (page === undefined) throw new RangeError('A list gave no page.');
      return page;
    },
  };
}
