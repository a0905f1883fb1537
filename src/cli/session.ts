import type { Command } from 'commander';

import { createClient } from '../client/client.ts';
import { ModelGraphError } from '../client/error.ts';
import type { TypedDocument } from '../client/typed-document.ts';
import { type Environment, readEnvironment } from '../config.ts';
import type { ClientFlags, Format } from './client-flags.ts';
import { programOf } from './command-tree.ts';
import { findConnection } from './connection.ts';
import { httpFetch } from './http-fetch.ts';
import { interruption } from './interruption.ts';

/** What a command has to work with. */
export interface Session {
  readonly flags: ClientFlags;
  readonly format: Format;
  readonly environment: Environment;
  /** Aborted by a Ctrl-C. */
  readonly signal: AbortSignal;
  /** The gateway's answer. Rejects with a CliError only. */
  ask<Data, Variables>(document: TypedDocument<Data, Variables>, variables: Variables): Promise<Data>;
}

/** What a command does, with the arguments of its command line in their order. */
export type Action<Options> = (session: Session, args: readonly string[], options: Options) => Promise<void>;

/** Sets what the command does. The server and the token are looked for at the first question. */
export function act<Options extends object>(command: Command, action: Action<Options>): Command {
  return command.action(async () => {
    const flags: ClientFlags = programOf(command).opts();
    await action(openSession(flags), command.args, command.opts<Options>());
  });
}

function openSession(flags: ClientFlags): Session {
  const environment = readEnvironment();
  const signal = interruption();
  const connect = async () => {
    const connection = await findConnection(flags, environment);
    const { server: url, token } = connection;
    return { connection, client: createClient({ url, token, fetch: httpFetch }) };
  };
  let connected: ReturnType<typeof connect> | undefined;
  return {
    flags,
    format: flags.output ?? 'table',
    environment,
    signal,
    async ask(document, variables) {
      connected ??= connect();
      const { client, connection } = await connected;
      try {
        return await client.query(document, variables, { signal });
      } catch (error) {
        if (!(error instanceof ModelGraphError)) throw error;
        throw (await import('./explain.ts')).explain(error, connection, document);
      }
    },
  };
}
