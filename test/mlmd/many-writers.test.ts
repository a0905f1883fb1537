import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';

import { startEnginePipe } from '../reference/engine-pipe.ts';
import { requireReference } from '../reference/require.ts';
import { plain } from './write-steps/step.ts';
import { openRig } from './writes-rig.ts';

const missing = requireReference();
const FIFTY = Array.from({ length: 50 }, (_, index) => index);

describe('50 concurrent creates of one name', () => {
  test.each(['artifact', 'execution', 'context'] as const)(
    '%s: one wins, the others get ALREADY_EXISTS',
    async (noun) => {
      await using rig = await openRig();
      const { store, typeId, executionTypeId, contextTypeId } = rig;
      const named = { ...plain, name: 'the only one' };
      const create = {
        artifact: () => store.putArtifacts({ artifacts: [{ ...named, typeId }] }),
        execution: () => store.putExecutions({ executions: [{ ...named, typeId: executionTypeId }] }),
        context: () => store.putContexts({ contexts: [{ ...named, typeId: contextTypeId }] }),
      };
      const outcomes = await Promise.allSettled(FIFTY.map(() => create[noun]()));
      const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(lost.map(({ reason }) => reason.code)).toEqual(Array(49).fill('ALREADY_EXISTS'));
      expect(rig.rows(`SELECT name FROM ${noun}`)).toEqual([['the only one']]);
    },
  );

  test('contexts that may be reused: all get the same one', async () => {
    await using rig = await openRig();
    const contexts = [{ ...plain, typeId: rig.contextTypeId, name: 'run' }];
    const answers = await Promise.all(
      FIFTY.map(() =>
        rig.store.putExecution({
          execution: { ...plain, typeId: rig.executionTypeId },
          artifactEventPairs: [],
          contexts,
          options: { reuseContextIfAlreadyExist: true },
        }),
      ),
    );
    expect(new Set(answers.map(({ contextIds }) => contextIds[0]))).toEqual(new Set([1n]));
    expect(rig.rows('SELECT count(*) FROM Association')).toEqual([[50n]]);
  });

  test('updates of different properties all survive', async () => {
    await using rig = await openRig();
    await rig.store.putContexts({ contexts: [{ ...plain, typeId: rig.contextTypeId, name: 'shared' }] });
    await Promise.all(
      FIFTY.map((index) =>
        rig.store.putContexts({
          contexts: [{ ...plain, id: 1n, customProperties: new Map([[`p${index}`, { intValue: BigInt(index) }]]) }],
          updateMask: [`custom_properties.p${index}`],
        }),
      ),
    );
    const { contexts } = await rig.store.getContextsById({ contextIds: [1n] });
    expect(
      [...(contexts[0]?.customProperties.values() ?? [])].map(({ intValue }) => Number(intValue)).sort((a, b) => a - b),
    ).toEqual(FIFTY);
  });
});

describe('rows that another program writes are seen at the next read', () => {
  test('by SQL', async () => {
    await using rig = await openRig();
    const { store, typeId = 0n } = rig;
    const read = async () => (await store.getArtifactsByType({ typeName: 'A' })).artifacts.map(({ uri }) => uri);
    await store.putArtifacts({ artifacts: [{ ...plain, typeId, uri: 'ours' }] });
    expect(await read()).toEqual(['ours']);
    const other = new DatabaseSync(rig.file);
    const insert =
      'INSERT INTO Artifact (type_id, uri, create_time_since_epoch, last_update_time_since_epoch) VALUES (?, ?, 1, 1)';
    other.prepare(insert).run(typeId, 'theirs');
    expect(await read()).toEqual(['ours', 'theirs']);
    other.exec("UPDATE Artifact SET uri = 'changed' WHERE uri = 'ours'");
    expect(await read()).toEqual(['changed', 'theirs']);
    other.exec('DELETE FROM Artifact');
    expect(await read()).toEqual([]);
    other.close();
  });

  test.skipIf(missing)(`by the C++ engine in its own process, in turn with us ${missing ?? ''}`, async () => {
    await using rig = await openRig();
    const { store, typeId, contextTypeId } = rig;
    await using engine = await startEnginePipe();
    await engine.open(rig.file);
    for (const round of [1, 2, 3]) {
      const theirs = { artifacts: [{ ...plain, typeId, uri: `theirs ${round}` }] };
      expect(await engine.call('putArtifacts', theirs)).toMatchObject({ code: 0 });
      const read = await store.getArtifactsByUri({ uris: [`theirs ${round}`] });
      expect(read.artifacts).toHaveLength(1);
      const ours = { contexts: [{ ...plain, typeId: contextTypeId, name: `ours ${round}` }] };
      const { contextIds } = await store.putContexts(ours);
      const reply = await engine.call('getContextsById', { contextIds });
      expect(reply).toMatchObject({ code: 0, answer: { contexts: [{ name: `ours ${round}` }] } });
    }
    expect(rig.rows('SELECT count(*) FROM Artifact')).toEqual([[3n]]);
  });
});
