import { expect } from 'vitest';

import type { Value } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { type Answer, openHarness, post, STORE_KINDS, type StoreKind } from '../harness.ts';
import { requireReference } from '../reference/require.ts';

/** The kinds of store that are there to test on. */
export const KINDS: readonly StoreKind[] = STORE_KINDS.filter((kind) => kind === 'embedded' || !requireReference());

/** What a mutation answers, without its objects. */
export interface Told {
  readonly userErrors: readonly {
    readonly code: string;
    readonly field: readonly string[] | null;
    readonly message: string;
    readonly databaseId: string | null;
  }[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly conditional: string | null;
  readonly created?: boolean | null;
}

type Input = Readonly<Record<string, unknown>>;

/** A gateway, and short ways to change things through it. */
export async function openRegistry(kind: StoreKind) {
  const harness = await openHarness({ kind });
  return { ...toRegistry(harness), harness, [Symbol.asyncDispose]: () => harness[Symbol.asyncDispose]() };
}

/** What a test does with a gateway at an address and the store behind it. */
export interface Registry {
  readonly store: MetadataStore;
  /** The mutation's answer, whatever it is. */
  try(name: string, input: Input): Promise<Told>;
  /** A mutation that has to go well. */
  do(name: string, input: Input): Promise<Told>;
  /** What a mutation is refused for. */
  refused(name: string, input: Input): Promise<Told['userErrors']>;
  /** The id of the row of a type and stored name, in digits. */
  id(type: string, name: string): Promise<string>;
}

/** See {@link Registry}. */
export function toRegistry({ url, store }: { readonly url: string; readonly store: MetadataStore }): Registry {
  const attempt = (name: string, input: Input) => mutate(url, name, input);
  return {
    store,
    try: attempt,
    async do(name, input) {
      const told = await attempt(name, input);
      expect(told.userErrors).toEqual([]);
      return told;
    },
    refused: async (name, input) => (await attempt(name, input)).userErrors,
    async id(type, name) {
      const row = await rowOf(store, type, name);
      return String(row?.id);
    },
  };
}

/** A mutation by GraphQL over HTTP. */
export async function mutate(url: string, name: string, input: Input): Promise<Told> {
  const { data, errors } = await send(url, name, input);
  expect(errors).toBeUndefined();
  return data[name];
}

/** The whole answer to a mutation. */
export function send(url: string, name: string, input: Input): Promise<Answer> {
  const type = /^(archive|restore)/.test(name) ? 'ArchiveInput' : `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const created = ['upsertArtifact', 'recordExecution'].includes(name) ? 'created' : '';
  const told = 'userErrors { code field message databaseId } warnings { code message } conditional';
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${told} ${created} } }`;
  return post(url, { query, variables: { input } });
}

/** The row of a type and stored name, wherever it is stored. */
export async function rowOf(store: MetadataStore, typeName: string, name: string) {
  const { context } = await store.getContextByTypeAndName({ typeName, contextName: name });
  const { artifact } = await store.getArtifactByTypeAndName({ typeName, artifactName: name });
  const { execution } = await store.getExecutionByTypeAndName({ typeName, executionName: name });
  return context ?? artifact ?? execution;
}

/** The properties of a node as plain values; structs as they are. */
export function plain(values: ReadonlyMap<string, Value> | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Array.from(values ?? [], ([name, value]) => [name, Object.values(value).find((each) => each !== undefined)]),
  );
}
