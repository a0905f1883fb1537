import { mkdtempDisposableSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { openFileSink } from '../../src/audit/file-sink.ts';
import { createQueue, MAX_WAITING } from '../../src/audit/queue.ts';
import type { AuditLine } from '../../src/domain/audit-line.ts';

const line = (action: string): AuditLine => ({
  ...{ time: '2026-01-01T00:00:00.000Z', requestId: 'r', caller: null, address: null, forwardedFor: null, right: null },
  ...{ registry: 'modelgraph', door: 'GRAPHQL', route: null, nodes: [], moreNodes: 0, outcome: 'DONE', codes: [] },
  action,
});

const readLines = (file: string) =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text));

describe('the file of the audit log', () => {
  test('is appended to, goes on under its name after it was moved or removed, and is its owner’s', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-test-'));
    const file = join(folder.path, 'audit.log');
    for (const actions of [['a'], ['b', 'c']]) {
      const sink = await openFileSink(file);
      await sink.write(actions.map(line), 0);
      await sink.close();
    }
    expect(readLines(file).map(({ action }) => action)).toEqual(['a', 'b', 'c']);
    const sink = await openFileSink(file);
    renameSync(file, `${file}.1`);
    await sink.write([line('d')], 0);
    expect(readLines(`${file}.1`)).toHaveLength(3);
    expect(readLines(file).map(({ action }) => action)).toEqual(['d']);
    rmSync(file);
    await sink.write([line('e')], 7);
    expect(readLines(file)).toEqual([{ time: expect.any(String), lost: 7 }, line('e')]);
    await sink.close();
  });
});

describe('lines on their way', () => {
  /** A queue over a place that takes a batch when it is let. */
  function openQueue() {
    const written: (readonly [readonly number[], number])[] = [];
    const told: (string | number)[] = [];
    let gate = Promise.withResolvers<void>();
    const queue = createQueue<number>({
      gatherMs: 0,
      async write(batch, lost) {
        await gate.promise;
        written.push([batch, lost]);
      },
      onFailure: (error) => void told.push(String(error)),
      onRecovery: (lost) => void told.push(lost),
    });
    return {
      ...{ queue, written, told },
      open: () => gate.resolve(),
      fail() {
        gate.reject(new Error('no space'));
        gate = Promise.withResolvers();
      },
    };
  }

  test('wait in order where the place is slow, and no one with them; what finds no room is counted', async () => {
    const { queue, written, told, open } = openQueue();
    for (let each = 0; each < MAX_WAITING + 3; each += 1) queue.push(each);
    expect(written).toEqual([]);
    open();
    await queue.close();
    const all = written.flatMap(([batch]) => batch);
    expect(all).toEqual(Array.from({ length: MAX_WAITING }, (_each, index) => index));
    expect(written.reduce((sum, [, lost]) => sum + lost, 0)).toBe(3);
    expect(told).toEqual([3]);
  });

  test('come again where they could not be written, which is told once', async () => {
    const { queue, written, told, open, fail } = openQueue();
    queue.push(1);
    fail();
    await expect.poll(() => told).toEqual(['Error: no space']);
    queue.push(2);
    open();
    await expect.poll(() => told, { timeout: 10_000 }).toEqual(['Error: no space', 0]);
    expect(written).toEqual([[[1, 2], 0]]);
    await queue.close();
  });

  test('are told as lost at the end, where the place takes none', async () => {
    const { queue, told, fail } = openQueue();
    queue.push(1);
    queue.push(2);
    fail();
    await expect.poll(() => told).toEqual(['Error: no space']);
    await queue.close();
    expect(told).toEqual(['Error: no space', 2]);
  });
});
