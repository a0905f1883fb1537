import { describe, expect, test } from 'vitest';

import { startEnginePipe } from '../reference/engine-pipe.ts';
import { requireReference } from '../reference/require.ts';
import { plain } from './write-steps/step.ts';
import { openRig } from './writes-rig.ts';

const missing = requireReference();

describe.skipIf(missing)(`page tokens and the C++ engine ${missing ?? ''}`, () => {
  test.each([
    ['ID', { field: 3, isAsc: true }],
    ['ID, descending', { field: 3, isAsc: false }],
    ['CREATE_TIME', { field: 1, isAsc: true }],
    ['LAST_UPDATE_TIME, descending', { field: 2, isAsc: false }],
    ['nothing', undefined],
  ] as const)('in the order of %s go on in the other store', async (_, order) => {
    await using rig = await openRig();
    await using engine = await startEnginePipe();
    await rig.store.putArtifacts({ artifacts: Array.from({ length: 5 }, () => ({ ...plain, typeId: rig.typeId })) });
    await engine.open(rig.file);
    const ours = async (nextPageToken?: string) =>
      rig.store.getArtifacts({ options: { maxResultSize: 2, orderByField: order && { ...order }, nextPageToken } });
    const theirs = async (nextPageToken?: string) => {
      const options = { maxResultSize: 2, orderByField: order && { ...order }, nextPageToken };
      const reply = await engine.call('getArtifacts', { options });
      if (!('answer' in reply)) throw new Error(reply.message);
      return reply.answer;
    };
    for (const [first, second] of [
      [ours, theirs],
      [theirs, ours],
    ] as const) {
      const page = await first();
      const next = await second(page.nextPageToken);
      const listed = [...page.artifacts, ...next.artifacts].map(({ id }) => id);
      expect(listed).toEqual(order?.isAsc === false ? [5n, 4n, 3n, 2n] : [1n, 2n, 3n, 4n]);
    }
  });
});
