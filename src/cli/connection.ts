import type { Environment } from '../config.ts';
import { notFound, wrongUsage } from './cli-error.ts';
import { type ClientFlags, toBaseAddress } from './client-flags.ts';
import { type Config, configPath, type KeptContext, readConfig } from './config-file.ts';
import { nearest } from './nearest.ts';
import { readToken } from './token.ts';

/** Where `modelgraph serve` listens unless it is told otherwise. */
export const DEFAULT_SERVER = 'http://127.0.0.1:4000';

/** The gateway that a command asks. */
export interface Connection {
  readonly server: string;
  readonly token: string | undefined;
}

/**
 * The gateway that flags, environment and the kept contexts mean, in this order. A token that is kept, or
 * given, together with a server is shown to that server only, and where a context is asked for by a flag, the environment does not count.
 */
export async function findConnection(flags: ClientFlags, environment: Environment): Promise<Connection> {
  if (flags.server !== undefined && flags.context !== undefined)
    throw wrongUsage('--server and --context name two servers: leave one of them out.');
  const given = flags.context === undefined ? environment : undefined;
  const givenServer = given?.server === undefined ? undefined : toBaseAddress(given.server);
  const server = flags.server ?? givenServer;
  const token = await givenToken(flags, givenServer === undefined || givenServer === server ? given : undefined);
  if (server !== undefined && token !== undefined) return { server, token };
  const config = await readConfig(configPath(environment));
  const kept = server === undefined ? await keptContext(config, flags.context) : contextOf(config, server);
  return { server: server ?? kept?.server ?? DEFAULT_SERVER, token: token ?? kept?.token };
}

async function givenToken(flags: ClientFlags, given: Environment | undefined): Promise<string | undefined> {
  if (flags.tokenFile !== undefined) return await readToken(flags.tokenFile);
  if (given?.token !== undefined && given.tokenFile !== undefined)
    throw wrongUsage('MODELGRAPH_TOKEN and MODELGRAPH_TOKEN_FILE are both set: unset one of them.');
  return given?.tokenFile === undefined ? given?.token : await readToken(given.tokenFile);
}

/** The context of that name, or the current one; undefined where nothing is kept. */
async function keptContext({ current, contexts }: Config, asked: string | undefined): Promise<KeptContext | undefined> {
  const name = asked ?? current;
  if (name === undefined) return undefined;
  const kept = Object.hasOwn(contexts, name) ? contexts[name] : undefined;
  if (kept || asked === undefined) return kept;
  throw await unknownContext(name, contexts);
}

/** The error for a name that no context is kept under. */
export async function unknownContext(name: string, contexts: Config['contexts']): Promise<Error> {
  const hint = await nearest(name, Object.keys(contexts));
  return notFound(`There is no context ${name}${hint}; \`modelgraph context list\` tells which there are.`);
}

/** A context with that server, the current one first. */
function contextOf({ current, contexts }: Config, server: string): KeptContext | undefined {
  const all = Object.entries(contexts).filter(([, kept]) => kept.server === server);
  return (all.find(([name]) => name === current) ?? all[0])?.[1];
}
