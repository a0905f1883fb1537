import { ok } from 'node:assert';
import { isDeepStrictEqual } from 'node:util';

import type { Line } from './pairs.ts';
import { answerOf, decodeAnswer, type Side } from './sides.ts';

/** Fields that say when a node was written, which no two files have in common. */
const TIMES = ['createTimeSinceEpoch', 'lastUpdateTimeSinceEpoch'];

/** Fields that a read mask leaves empty. */
const PROPERTIES = ['properties', 'customProperties'];

/**
 * Throws unless all sides give the same answer to the line's first call: doubles to six digits, as the engine keeps no
 * more, and of the engine's answer only what the read mask lets through.
 */
export async function checkSame(line: Line, ours: Side, engines: readonly Side[], times = true): Promise<void> {
  const call = line.call(0);
  const decoded = async (side: Side) => decodeAnswer(call.rpc, (await answerOf(side, call)).bytes);
  const hidden = [...(times ? [] : TIMES), ...(call.read?.eventPaths === false ? ['path'] : [])];
  const options = { names: call.read?.properties, hidden, unordered: line.unordered === true };
  const mine = await decoded(ours);
  ok(JSON.stringify(mine, jsonOf).length > 10, `${line.name}: the answer is empty`);
  for (const engine of engines) {
    const same = isDeepStrictEqual(plain(mine, options), plain(await decoded(engine), options));
    ok(same, `${line.name}: the engine gives another answer`);
  }
}

interface PlainOptions {
  readonly names: readonly string[] | undefined;
  readonly hidden: readonly string[];
  readonly unordered: boolean;
}

function plain(value: unknown, options: PlainOptions, field = ''): unknown {
  // The engine's token repeats the filter, ours its place alone.
  if (field === 'nextPageToken') return Boolean(value);
  if (typeof value === 'number') return Number(value.toPrecision(6));
  if (value instanceof Map) {
    const kept = PROPERTIES.includes(field) && options.names;
    const entries = [...value].filter(([key]) => !kept || kept.includes(key));
    return new Map(entries.map(([key, item]) => [key, plain(item, options)]));
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => plain(item, options));
    return options.unordered ? items.sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1)) : items;
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const fields = Object.entries(value).filter(([name]) => !options.hidden.includes(name));
  return Object.fromEntries(fields.map(([name, item]) => [name, plain(item, options, name)]));
}

function textOf(value: unknown): string {
  return JSON.stringify(value, jsonOf);
}

function jsonOf(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value instanceof Map ? [...value].sort() : value;
}
