import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Logger } from 'pino';
import { expect } from 'vitest';

import type { TakeLine } from '../src/audit/request-audit.ts';
import { OPEN_POLICY } from '../src/auth/open-policy.ts';
import type { Policy } from '../src/auth/policy.ts';
import { type Limits, OWN_LIMITS } from '../src/limits/limits.ts';
import { countCalls } from '../src/mlmd/count-calls.ts';
import { openStore } from '../src/mlmd/open.ts';
import type { MetadataStore } from '../src/mlmd/store.ts';
import { createLog } from '../src/observe.ts';
import { startGateway } from '../src/server.ts';
import type { TlsFiles } from '../src/tls-files.ts';
import { expectNoLeak } from './leaks.ts';
import { startEngine } from './reference/engine.ts';

/** The two stores that have to give the same answers. */
export const STORE_KINDS = ['embedded', 'remote'] as const;

/** One of {@link STORE_KINDS}. */
export type StoreKind = (typeof STORE_KINDS)[number];

/** What a GraphQL request answered. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly data?: any;
  readonly errors?: readonly GraphQLErrorAnswer[];
}

/** An error of GraphQL, without `requestId`, `retryable` and `field`. */
export interface GraphQLErrorAnswer {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** A gateway over a store of its own. */
export interface Harness extends AsyncDisposable {
  readonly url: string;
  readonly store: MetadataStore;
  /** The SQLite file behind the store. */
  readonly file: string;
  /** The store calls since the harness was opened, or since the array was emptied. */
  readonly calls: string[];
  query(
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
}

/** How a harness is opened. */
export interface HarnessOptions {
  readonly kind?: StoreKind;
  /** A store file to work on a copy of; without it the store is empty. */
  readonly file?: string;
  /** Writes into the store before the gateway starts. The embedded store does it for both kinds. */
  readonly fill?: (store: MetadataStore) => Promise<void>;
  readonly timeoutMs?: number;
  readonly tls?: TlsFiles;
  /** A folder with documents of routes. */
  readonly rest?: string;
  /** Takes the log, which is thrown away where it is absent. */
  readonly log?: Logger;
  /** Who may do what; everyone everything where it is absent. */
  readonly policy?: Policy;
  readonly limits?: Limits;
  readonly introspection?: boolean;
  readonly trustedDocuments?: readonly string[];
  /** Takes lines of audit. */
  readonly audit?: TakeLine;
}

/** Starts a gateway on a free port over an embedded store, or over the real C++ engine on the same file. */
export async function openHarness(options: HarnessOptions = {}): Promise<Harness> {
  const stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'modelgraph-test-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const db = join(folder, 'store.sqlite');
  if (options.file) await copyFile(options.file, db);
  if (options.fill || !options.file) {
    const { store } = await openStore({ db });
    await options.fill?.(store);
    await store.close();
  }
  const { store, calls } = countCalls(await openKind(options.kind ?? 'embedded', db, stack));
  stack.defer(() => store.close());
  const gateway = await startGateway({
    store,
    host: '127.0.0.1',
    port: 0,
    loopback: true,
    policy: options.policy ?? OPEN_POLICY,
    audit: options.audit,
    tls: options.tls,
    timeoutMs: options.timeoutMs ?? 30_000,
    rest: options.rest,
    limits: options.limits ?? OWN_LIMITS,
    introspection: options.introspection ?? true,
    trustedDocuments: options.trustedDocuments ?? [],
    log: options.log ?? createLog('silent'),
  });
  stack.defer(() => gateway.close());
  return {
    url: gateway.url,
    store,
    file: db,
    calls,
    query: (query, variables = {}, headers = {}) => post(gateway.url, { query, variables }, headers),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function openKind(kind: StoreKind, db: string, stack: AsyncDisposableStack): Promise<MetadataStore> {
  if (kind === 'embedded') return (await openStore({ db })).store;
  const engine = stack.use(await startEngine({ sqlite: db }));
  return (await openStore({ mlmd: `${engine.host}:${engine.port}` })).store;
}

/** One GraphQL request over HTTP. */
export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const sent = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: sent,
  });
  const text = await response.text();
  expectNoLeak(text, sent);
  const { errors, ...rest }: Omit<Answer, 'status'> = JSON.parse(text);
  const requestId = response.headers.get('x-request-id');
  return { status: response.status, ...rest, ...(errors && { errors: errors.map((each) => told(each, requestId)) }) };
}

/** An error without what every error has to have: it is looked at here, once for all. */
function told(error: GraphQLErrorAnswer, id: string | null): GraphQLErrorAnswer {
  const { requestId, retryable, field, ...extensions } = error.extensions;
  expect({ requestId, retryable, field }).toEqual({
    requestId: id,
    retryable: RETRYABLE.has(String(extensions['code'])),
    field: 'argument' in extensions ? [extensions['argument']] : undefined,
  });
  return { ...error, extensions };
}

const RETRYABLE: ReadonlySet<string> = new Set([
  ...['CONTENTION', 'BACKEND_UNAVAILABLE', 'DEADLINE_EXCEEDED', 'RATE_LIMITED'],
]);
