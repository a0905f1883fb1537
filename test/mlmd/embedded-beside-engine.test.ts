import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';

import { RegistryError } from '../../src/errors.ts';
import { connectRemoteStore } from '../../src/mlmd/remote/client.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { startEngine } from '../reference/engine.ts';
import { requireReference } from '../reference/require.ts';
import { DIFFERENT_STEPS } from './write-steps/differences.ts';
import { EDGE_STEPS } from './write-steps/edges.ts';
import { EXECUTION_STEPS } from './write-steps/executions.ts';
import { NODE_STEPS } from './write-steps/nodes.ts';
import { plain, type WriteStep } from './write-steps/step.ts';
import { TYPE_STEPS } from './write-steps/types.ts';
import { openRig, putTypes, query } from './writes-rig.ts';

const missing = requireReference();

const WRITE_STEPS = [...TYPE_STEPS, ...NODE_STEPS, ...EDGE_STEPS, ...EXECUTION_STEPS];

describe.skipIf(missing)(`beside the C++ engine ${missing ?? ''}`, { timeout: 120_000 }, () => {
  test('the same writes have the same answers, status codes and rows', async () => {
    await using rig = await openRig();
    const file = `${rig.file}.engine`;
    await using engine = await startEngine({ sqlite: file });
    const theirs = connectRemoteStore(engine);
    await putTypes(theirs);
    const ourTimes: number[] = [];
    const theirTimes: number[] = [];
    for (const [index, step] of WRITE_STEPS.entries()) {
      const ours = await timed(ourTimes, () => step(rig.store));
      const expected = await timed(theirTimes, () => step(theirs));
      const place = { index, step: String(step) };
      expect({ ...place, ...ours, rows: byStep(query(rig.file, ...TABLES), ourTimes) }).toEqual({
        ...place,
        ...expected,
        rows: byStep(query(file, ...TABLES), theirTimes),
      });
    }
    await theirs.close();
  });

  test.each(DIFFERENT_STEPS)('deliberately different: $why', async ({ step, ours, theirs }) => {
    await using rig = await openRig();
    await using engine = await startEngine({ sqlite: `${rig.file}.engine` });
    const remote = connectRemoteStore(engine);
    await putTypes(remote);
    expect(await codeOf(step(rig.store))).toBe(ours);
    expect(await codeOf(step(remote))).toBe(theirs);
    await remote.close();
  });

  test('it opens a file that we made, reads all nodes and writes on', async () => {
    await using rig = await openRig();
    for (const step of WRITE_STEPS) await step(rig.store).catch(() => undefined);
    const before = await readAll(rig.store);
    await rig.store.close();
    await using engine = await startEngine({ sqlite: rig.file });
    const theirs = connectRemoteStore(engine);
    expect(await readAll(theirs)).toEqual(before);
    const { contextIds } = await theirs.putContexts({
      contexts: [{ ...plain, typeId: rig.contextTypeId, name: 'by the engine' }],
    });
    expect(contextIds).toHaveLength(1);
    await theirs.close();
  });
});

/** Tables whose rows have to agree; links and paths by content, as the C++ engine writes them in any order. */
const TABLES = [
  'SELECT * FROM Type ORDER BY id',
  'SELECT * FROM TypeProperty ORDER BY 1, 2',
  'SELECT * FROM ParentType ORDER BY 1, 2',
  'SELECT * FROM Artifact ORDER BY id',
  'SELECT * FROM ArtifactProperty ORDER BY 1, 2, 3',
  'SELECT * FROM Execution ORDER BY id',
  'SELECT * FROM ExecutionProperty ORDER BY 1, 2, 3',
  'SELECT * FROM Context ORDER BY id',
  'SELECT * FROM ContextProperty ORDER BY 1, 2, 3',
  'SELECT * FROM Event ORDER BY id',
  'SELECT * FROM EventPath ORDER BY rowid',
  'SELECT context_id, artifact_id FROM Attribution ORDER BY 1, 2',
  'SELECT context_id, execution_id FROM Association ORDER BY 1, 2',
  'SELECT * FROM ParentContext ORDER BY 1, 2',
  'SELECT * FROM sqlite_sequence ORDER BY name',
];

async function codeOf(answer: Promise<object>): Promise<unknown> {
  const error = await answer.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return error instanceof RegistryError ? error.code : (error ?? 'OK');
}

/** A step's answer or code, with its own stretch of time. */
async function timed(times: number[], step: () => ReturnType<WriteStep>) {
  await setTimeout(3);
  times.push(Date.now());
  try {
    return { answer: tidy(await step()) };
  } catch (error) {
    return { code: error instanceof RegistryError ? error.code : error };
  }
}

/** The rows with each time of the test replaced by the number of the step that set it. */
function byStep(rows: readonly (readonly unknown[])[], times: readonly number[]): unknown[][] {
  const isTime = (value: unknown): value is bigint =>
    typeof value === 'bigint' && value > 1_700_000_000_000n && value < 2n ** 50n;
  return rows.map((row) =>
    row.map((value) => (isTime(value) ? `step ${times.findLastIndex((time) => BigInt(time) <= value)}` : value)),
  );
}

async function readAll(store: MetadataStore) {
  const ids = Array.from({ length: 50 }, (_, index) => BigInt(index + 1));
  return tidy({
    artifactTypes: await store.getArtifactTypesById({ typeIds: ids }),
    executionTypes: await store.getExecutionTypesById({ typeIds: ids }),
    contextTypes: await store.getContextTypesById({ typeIds: ids }),
    artifacts: await store.getArtifactsById({ artifactIds: ids }),
    executions: await store.getExecutionsById({ executionIds: ids }),
    contexts: await store.getContextsById({ contextIds: ids }),
  });
}

/** The message without absent fields, maps as lists by name, bytes as numbers: toEqual compares these to the letter. */
function tidy(message: unknown): unknown {
  if (message instanceof Uint8Array) return [...message];
  if (message instanceof Map) return [...message].map(tidy).sort((a, b) => (String(a) < String(b) ? -1 : 1));
  if (Array.isArray(message)) return message.map(tidy);
  if (typeof message !== 'object' || message === null) return message;
  return Object.fromEntries(
    Object.entries(message).flatMap(([key, value]) => (value === undefined ? [] : [[key, tidy(value)]])),
  );
}
