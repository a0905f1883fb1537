import { createClient } from '../client/client.ts';
import { ModelGraphError } from '../client/error.ts';
import type { TypedDocument } from '../client/typed-document.ts';
import type { Connection } from './connection.ts';
import { explain } from './explain.ts';
import { httpFetch } from './http-fetch.ts';

/** What a server answers to whoever may ask it anything at all. */
const QUESTION: TypedDocument<
  unknown,
  Record<string, never>
> = 'query Login { registeredModels(first: 1) { nodes { id } } }';

/** Resolves where the server answers and takes the token. Rejects with a CliError that says why not. */
export async function tryServer(connection: Connection, signal: AbortSignal): Promise<void> {
  const client = createClient({ url: connection.server, token: connection.token, fetch: httpFetch });
  try {
    await client.query(QUESTION, {}, { signal });
  } catch (error) {
    throw error instanceof ModelGraphError ? explain(error, connection, QUESTION) : error;
  }
}
