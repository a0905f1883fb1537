import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { putChain, range } from './fill.ts';
import { type Harness, openHarness, STORE_KINDS, type StoreKind } from './harness.ts';
import { requireReference } from './reference/require.ts';

const SIZES = [1, 100, 1_000];

/** How many calls of an RPC a query may make over `n` nodes, per store; for the rest see design part "Cost". */
interface Formula {
  /** Selected on each of `n` nodes of this kind. */
  readonly on: 'Artifact' | 'Execution' | 'Context';
  readonly selection: string;
  readonly calls: (n: number, kind: StoreKind) => Readonly<Record<string, number>>;
}

const pages = (n: number) => Math.ceil(n / 100);
const chunks = (n: number) => Math.ceil(n / 1_000);

/** On the embedded store, properties and paths are read apart, and only for those who show them. */
const FORMULAS: Readonly<Record<string, Formula>> = {
  properties: {
    on: 'Artifact',
    selection: 'properties { name } customPropertyMap',
    calls: (n, kind) => (kind === 'embedded' ? { GetArtifactsByID: chunks(n) } : {}),
  },
  'type name': { on: 'Artifact', selection: 'type { name }', calls: () => ({}) },
  'type version': { on: 'Artifact', selection: 'type { version }', calls: () => ({ GetArtifactTypesByID: 1 }) },
  events: { on: 'Artifact', selection: 'events { totalCount }', calls: (n) => ({ GetEventsByArtifactIDs: chunks(n) }) },
  'events with paths': {
    on: 'Execution',
    selection: 'events { nodes { path { key } } }',
    calls: (n, kind) => ({ GetEventsByExecutionIDs: chunks(n) * (kind === 'embedded' ? 2 : 1) }),
  },
  producers: {
    on: 'Artifact',
    selection: 'producedBy { nodes { state } }',
    calls: (n) => ({ GetEventsByArtifactIDs: chunks(n), GetExecutionsByID: chunks(n) }),
  },
  'two levels up': {
    on: 'Artifact',
    selection: 'producedBy { nodes { inputs { nodes { uri } } } }',
    // The artifacts that were read are among those at hand.
    calls: (n) => ({
      GetEventsByArtifactIDs: chunks(n),
      GetExecutionsByID: chunks(n),
      GetEventsByExecutionIDs: chunks(n),
    }),
  },
  'contexts of artifacts': {
    on: 'Artifact',
    selection: 'contexts { nodes { name } }',
    calls: (n) => ({ GetLineageSubgraph: pages(n), GetContextsByID: 1 }),
  },
  'contexts of executions': {
    on: 'Execution',
    selection: 'contexts { nodes { name } }',
    calls: (n) => ({ GetLineageSubgraph: pages(n), GetContextsByID: chunks(n) }),
  },
  'executions of contexts': {
    on: 'Context',
    selection: 'executions { nodes { state } }',
    // Over gRPC in pages of 101; one more looks for what is behind a page that is full.
    calls: (n, kind): Record<string, number> => {
      if (kind === 'embedded') return { ExecutionsOfContexts: chunks(n) };
      if (n === 1) return { GetExecutionsByContext: 1 };
      return { GetLineageSubgraph: Math.floor((n + 1) / 101) + 1, GetExecutionsByID: chunks(n) };
    },
  },
  parents: {
    on: 'Context',
    selection: 'parents { nodes { name } }',
    calls: (n, kind): Record<string, number> =>
      kind === 'embedded' ? { GetParentContextsByContexts: chunks(n) } : { GetParentContextsByContext: n },
  },
  children: {
    on: 'Context',
    selection: 'children { nodes { name } }',
    calls: (n, kind): Record<string, number> =>
      kind === 'embedded' ? { GetChildrenContextsByContexts: chunks(n) } : { GetChildrenContextsByContext: n },
  },
};

const FIELD = { Artifact: 'artifact', Execution: 'execution', Context: 'context' } as const;

/** `n` nodes of a kind by their ids, in one request: 100 for each use of `nodes`. */
function requestFor({ on, selection }: Formula, n: number) {
  const ids = range(n).map((index) => Buffer.from(`${on}:${index + 1}`).toString('base64url'));
  const groups = range(pages(n)).map((group) => [`_${group}`, ids.slice(group * 100, group * 100 + 100)] as const);
  const variables = groups.map(([name]) => `$${name}: [ID!]!`).join(' ');
  const fields = groups.map(([name]) => `${name}: nodes(ids: $${name}) { ...Selected }`).join(' ');
  const query = `query (${variables}) { ${fields} } fragment Selected on ${on} { databaseId ${selection} }`;
  return [query, Object.fromEntries(groups)] as const;
}

function countByRpc(calls: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    [...Map.groupBy(calls, (call) => call.slice(0, call.indexOf('(')))].map(([rpc, same]) => [rpc, same.length]),
  );
}

const loadById = { Artifact: 'GetArtifactsByID', Execution: 'GetExecutionsByID', Context: 'GetContextsByID' } as const;

describe.each(STORE_KINDS)('calls per level, %s store', (kind) => {
  const missing = kind === 'remote' ? requireReference() : undefined;

  describe.skipIf(missing).each(SIZES)('%i nodes', (n) => {
    let harness: Harness;

    beforeAll(async () => {
      harness = await openHarness({ kind, fill: (store) => putChain(store, n) });
      // Finds out whether the server has the plural RPCs for relatives; asked once, and not again.
      await harness.query('{ context(databaseId: "1") { parents { nodes { id } } children { nodes { id } } } }');
    });
    afterAll(() => harness?.[Symbol.asyncDispose]());

    test.each(Object.entries(FORMULAS))('%s', async (_name, formula) => {
      harness.calls.length = 0;
      const { errors, data } = await harness.query(...requestFor(formula, n));
      expect(errors).toBeUndefined();
      expect(Object.values(data).flat()).toHaveLength(n);
      const base = loadById[formula.on];
      const { [base]: more = 0, ...expected } = formula.calls(n, kind);
      expect(countByRpc(harness.calls)).toEqual({ ...expected, [base]: chunks(n) + more });
    });

    test(`${FIELD.Context}: members of one are one call per page`, async () => {
      harness.calls.length = 0;
      const { errors, data } = await harness.query(
        '{ context(databaseId: "1") { artifacts(first: 100) { nodes { uri } pageInfo { hasNextPage } } } }',
      );
      expect(errors).toBeUndefined();
      expect(data.context.artifacts.nodes).toHaveLength(Math.min(n, 100));
      expect(data.context.artifacts.pageInfo.hasNextPage).toBe(n > 100);
      const members = kind === 'embedded' ? 'ArtifactsOfContexts' : 'GetArtifactsByContext';
      expect(countByRpc(harness.calls)).toEqual({ GetContextsByID: 1, [members]: 1 });
    });
  });
});
