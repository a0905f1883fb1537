import { afterAll, beforeAll, describe, expect } from 'vitest';

import type { ErrorCode } from '../../../src/errors.ts';
import type {
  Artifact,
  Context,
  Execution,
  Value,
} from '../../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { connectRemoteStore } from '../../../src/mlmd/remote/client.ts';
import type { MetadataStore } from '../../../src/mlmd/store.ts';
import { startEngine } from '../../reference/engine.ts';
import { requireReference } from '../../reference/require.ts';
import { openRig } from '../writes-rig.ts';

/** Types of a case's own in a store that others use too, and short ways to make nodes of them. */
export interface Fixture {
  readonly store: MetadataStore;
  readonly isEmbedded: boolean;
  /** Another text for each case, for names and external ids that are unique in the store. */
  readonly unique: string;
  /** Ids of the types; their names are `A`, `E` and `C` with the unique text. */
  readonly types: { readonly A: bigint; readonly E: bigint; readonly C: bigint };
  artifact(given?: Partial<Artifact>): Promise<bigint>;
  execution(given?: Partial<Execution>): Promise<bigint>;
  /** Named by the unique text and this name. */
  context(name: string, given?: Partial<Context>): Promise<bigint>;
}

/** No properties. */
export const plain = { properties: new Map<string, Value>(), customProperties: new Map<string, Value>() };

/** Runs the cases on the embedded store and on the C++ engine behind gRPC: what holds for one holds for the other. */
export function onBothStores(subject: string, cases: (open: () => Promise<Fixture>) => void): void {
  const missing = requireReference();
  describe(`${subject}: the embedded store`, () => withStore(openEmbedded, true, cases));
  describe.skipIf(missing)(`${subject}: the C++ engine ${missing ?? ''}`, () => withStore(openEngine, false, cases));
}

/** The RPC fails with this code. */
export async function expectCode(answer: Promise<unknown>, code: ErrorCode): Promise<void> {
  await expect(answer).rejects.toMatchObject({ code });
}

interface Opened extends AsyncDisposable {
  readonly store: MetadataStore;
}

function withStore(open: () => Promise<Opened>, isEmbedded: boolean, cases: (open: () => Promise<Fixture>) => void) {
  let opened: Opened | undefined;
  let count = 0;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened?.[Symbol.asyncDispose]());
  cases(() => {
    if (!opened) throw new Error('the store is not open');
    count += 1;
    return createFixture(opened.store, isEmbedded, `-${count}`);
  });
}

async function openEmbedded(): Promise<Opened> {
  return openRig();
}

async function openEngine(): Promise<Opened> {
  const engine = await startEngine();
  const store = connectRemoteStore(engine);
  return {
    store,
    async [Symbol.asyncDispose]() {
      await store.close();
      await engine.stop();
    },
  };
}

async function createFixture(store: MetadataStore, isEmbedded: boolean, unique: string): Promise<Fixture> {
  const properties = new Map([
    ['n', 1 as const],
    ['s', 3 as const],
  ]);
  const { artifactTypeIds, executionTypeIds, contextTypeIds } = await store.putTypes({
    artifactTypes: [{ name: `A${unique}`, properties }],
    executionTypes: [{ name: `E${unique}`, properties }],
    contextTypes: [{ name: `C${unique}`, properties }],
  });
  const types = { A: artifactTypeIds[0] ?? 0n, E: executionTypeIds[0] ?? 0n, C: contextTypeIds[0] ?? 0n };
  return {
    store,
    isEmbedded,
    unique,
    types,
    async artifact(given) {
      const { artifactIds } = await store.putArtifacts({ artifacts: [{ ...plain, typeId: types.A, ...given }] });
      return artifactIds[0] ?? 0n;
    },
    async execution(given) {
      const { executionIds } = await store.putExecutions({ executions: [{ ...plain, typeId: types.E, ...given }] });
      return executionIds[0] ?? 0n;
    },
    async context(name, given) {
      const context = { ...plain, typeId: types.C, name: `${name}${unique}`, ...given };
      const { contextIds } = await store.putContexts({ contexts: [context] });
      return contextIds[0] ?? 0n;
    },
  };
}
