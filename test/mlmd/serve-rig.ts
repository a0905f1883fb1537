import { Client, credentials } from '@grpc/grpc-js';

import { openStore } from '../../src/mlmd/open.ts';
import { serveMetadata } from '../../src/mlmd/serve.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { expectNoLeak } from '../leaks.ts';
import { openFolder } from '../store-file-rig.ts';

/** What a call on the wire came to: its answer's bytes, or its status. */
export interface Outcome {
  readonly code: number;
  readonly details: string;
  readonly bytes: Buffer;
}

/** A served store: an embedded one on a new file, or what `wrap` makes of it. */
export async function openServed(wrap: (store: MetadataStore) => MetadataStore = (store) => store, drainMs = 10_000) {
  await using opening = new AsyncDisposableStack();
  const folder = opening.use(openFolder());
  const file = folder.file('served.db');
  const { store } = await openStore({ db: file });
  opening.defer(() => store.close());
  const failures: { readonly rpc: string; readonly error: unknown }[] = [];
  const server = await serveMetadata({
    store: wrap(store),
    host: '127.0.0.1',
    port: 0,
    drainMs,
    onFailure: (rpc, error) => failures.push({ rpc, error }),
  });
  opening.defer(() => server.close());
  const { store: remote } = await openStore({ mlmd: `127.0.0.1:${server.port}` });
  opening.defer(() => remote.close());
  const client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure(), {
    'grpc.max_receive_message_length': -1,
  });
  opening.defer(() => client.close());
  const stack = opening.move();
  return {
    file,
    store,
    server,
    /** The server as a store. */
    remote,
    client,
    failures,
    call: (path: string, bytes: Buffer) => call(client, path, bytes),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function call(client: Client, path: string, request: Buffer): Promise<Outcome> {
  const asIs = (bytes: Buffer) => bytes;
  return new Promise<Outcome>((resolve) => {
    client.makeUnaryRequest(path, asIs, asIs, request, { deadline: Date.now() + 20_000 }, (error, bytes) =>
      resolve({ code: error?.code ?? 0, details: error?.details ?? '', bytes: bytes ?? Buffer.alloc(0) }),
    );
  }).then((outcome: Outcome) => {
    expectNoLeak(outcome.details);
    return outcome;
  });
}
