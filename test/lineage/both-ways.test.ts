import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type Harness, openHarness } from '../harness.ts';
import { KINDS } from '../registry/rig.ts';
import { artifact, ask, brief, context, execution, idsOf } from './ask.ts';
import { CONTAINERS, putRandomRegistry, type RandomRegistry, registries } from './random-registry.ts';

const numRuns = Number(process.env.MODELGRAPH_TEST_REGISTRIES ?? 12);
const seed = Number(process.env.MODELGRAPH_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** What is upstream and downstream of each node of a store. */
async function closures(harness: Harness, starts: readonly string[]) {
  const links = { UPSTREAM: new Set<string>(), DOWNSTREAM: new Set<string>() };
  const pairs = { UPSTREAM: new Set<string>(), DOWNSTREAM: new Set<string>() };
  for (const start of starts) {
    for (const direction of ['UPSTREAM', 'DOWNSTREAM'] as const) {
      const page = await ask(harness, { of: [start], direction });
      for (const edge of page.edges) links[direction].add(brief(edge));
      for (const id of idsOf(page)) {
        pairs[direction].add(direction === 'UPSTREAM' ? `${id} affects ${start}` : `${start} affects ${id}`);
      }
    }
  }
  return { links, pairs };
}

async function expectBothWaysAlike(kind: (typeof KINDS)[number], random: RandomRegistry): Promise<void> {
  let starts: readonly string[] = [];
  let containers: ReadonlySet<string> = new Set();
  await using harness = await openHarness({
    kind,
    fill: async (store) => {
      const ids = await putRandomRegistry(store, random);
      const contexts = [...ids.contexts].map(([id, type]) => ({ id: context(id), type }));
      containers = new Set(contexts.flatMap(({ id, type }) => (CONTAINERS.has(type) ? [id] : [])));
      starts = [...ids.artifacts.map(artifact), ...ids.executions.map(execution), ...contexts.map(({ id }) => id)];
    },
  });
  const { links, pairs } = await closures(harness, starts);
  const readable = (all: ReadonlySet<string>) =>
    [...all].map((text) => text.replaceAll(/\b[\w-]{12,}\b/g, plain)).sort();
  // From what stands for what is in it, a walk goes to that whatever the way; no walk comes to a model from below.
  const ofLinks = (all: ReadonlySet<string>) => readable(all).filter((link) => !/VERSION_OF|MEMBER_OF/.test(link));
  expect(ofLinks(links.DOWNSTREAM)).toEqual(ofLinks(links.UPSTREAM));
  const ofNodes = (all: ReadonlySet<string>) =>
    readable(new Set([...all].filter((pair) => !pair.split(' affects ').some((id) => containers.has(id)))));
  expect(ofNodes(pairs.DOWNSTREAM)).toEqual(ofNodes(pairs.UPSTREAM));
}

/** `Context:7` in place of an opaque id. */
function plain(id: string): string {
  return Buffer.from(id, 'base64url').toString('latin1');
}

describe.each(KINDS)('links are the same from both ends, %s store', (kind) => {
  const runs = kind === 'remote' ? Math.ceil(numRuns / 3) : numRuns;

  test(`in ${runs} random registries`, { timeout: 60_000 + runs * 20_000 }, async () => {
    console.log(`MODELGRAPH_TEST_REGISTRIES=${numRuns} MODELGRAPH_TEST_SEED=${seed}`);
    await fc.assert(
      fc.asyncProperty(registries, (random) => expectBothWaysAlike(kind, random)),
      { numRuns: runs, seed, endOnFailure: true },
    );
  });
});
