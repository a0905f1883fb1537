import { RegistryError } from '../errors.ts';

import { openFile } from './embedded/open.ts';
import { createEmbeddedStore } from './embedded/store.ts';
import type { Database } from './embedded/transaction.ts';
import { connectRemoteStore } from './remote/client.ts';
import { readTlsFiles, type TlsFiles } from './remote/tls-files.ts';
import type { MetadataStore } from './store.ts';

/** Which store to open. */
export type StoreOptions = EmbeddedOptions | RemoteOptions;

/** The embedded store on a SQLite file. */
export interface EmbeddedOptions {
  /** Path of the file; made where there is none, but not its folder. */
  readonly db: string;
}

/** Any MLMD gRPC server. */
export interface RemoteOptions {
  /** `HOST:PORT`, an IPv6 address in brackets. */
  readonly mlmd: string;
  /** Absent: plain text. */
  readonly tls?: TlsFiles | undefined;
}

/** An opened store, and how to tell a person about it. */
export interface OpenedStore {
  readonly store: MetadataStore;
  /** E.g. `created the empty store modelgraph.db`. */
  readonly description: string;
  /** How many SQL statements the store has run; undefined where it runs none itself. */
  readonly statements?: () => number;
  /** How many transactions wait for their turn, and writes for a commit; undefined where the store is not embedded. */
  readonly waiting?: Database['waiting'];
}

/**
 * Opens a store. INVALID_ARGUMENT for options that no store can have; FAILED_PRECONDITION or DATA_LOSS for a file that
 * is no sound MLMD store. A server is not asked yet: it may be away.
 */
export async function openStore(options: StoreOptions, onReconnect?: () => void): Promise<OpenedStore> {
  return 'db' in options ? openEmbedded(options) : openRemote(options, onReconnect);
}

async function openEmbedded({ db }: EmbeddedOptions): Promise<OpenedStore> {
  const { database, created } = await openFile(db);
  const how = created ? 'created the empty store' : database.readOnly ? 'opened read-only' : 'opened';
  return {
    store: createEmbeddedStore(database),
    description: `${how} ${db}`,
    statements: database.statements,
    waiting: database.waiting,
  };
}

function openRemote({ mlmd, tls }: RemoteOptions, onReconnect?: () => void): OpenedStore {
  const { host, port } = parseAddress(mlmd);
  const store = connectRemoteStore({
    host,
    port,
    tls: tls && readTlsFiles(tls),
    ...(onReconnect ? { onReconnect } : {}),
  });
  return { store, description: `using the MLMD server at ${mlmd}` };
}

function parseAddress(text: string): { readonly host: string; readonly port: number } {
  const [, bracketed, name, digits] = /^(?:\[([\da-f:.]+)\]|([^\s:/@[\]]+)):(\d{1,5})$/i.exec(text) ?? [];
  const host = bracketed ?? name;
  const port = Number(digits);
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port };
  // What stands before an @ may be a password.
  throw new RegistryError(
    'INVALID_ARGUMENT',
    `'${text.replace(/^.*@/s, '…@')}' is not HOST:PORT, such as localhost:8080.`,
    {
      argument: 'mlmd',
    },
  );
}
