import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

import type { Environment } from '../config.ts';
import { CliError, wrongUsage } from './cli-error.ts';
import { toBaseAddress } from './client-flags.ts';

/** A server that is kept under a name. */
export interface KeptContext {
  readonly server: string;
  readonly token?: string;
}

/** What the file of this user keeps. */
export interface Config {
  /** The name of the context that counts where none is asked for. */
  readonly current: string | undefined;
  readonly contexts: Readonly<Record<string, KeptContext>>;
}

/** Where it is: `~/.config/modelgraph/config.yaml`, or below `XDG_CONFIG_HOME`. */
export function configPath({ configHome }: Environment): string {
  return join(configHome ?? join(homedir(), '.config'), 'modelgraph', 'config.yaml');
}

/** What the file keeps; nothing where there is none. Throws a CliError where it cannot be read or understood. */
export async function readConfig(path: string): Promise<Config> {
  if (!existsSync(path)) return { current: undefined, contexts: {} };
  const { parse } = await import('yaml');
  try {
    const config = toConfig(parse(readFileSync(path, 'utf8'), { prettyErrors: false }));
    warnOfReaders(path, config);
    return config;
  } catch (cause) {
    // The words of the parser may repeat a line of the file, and that a token.
    const problem = cause instanceof CliError ? cause.message : 'it cannot be read as YAML.';
    throw new CliError(`The file ${path} is not right: ${problem} Mend or remove it.`, undefined, { cause });
  }
}

/** Keeps it, readable by this user only. The file is whole at any time: it is replaced in one step. */
export async function writeConfig(path: string, config: Config): Promise<void> {
  const { stringify } = await import('yaml');
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, stringify(config), { mode: 0o600 });
    chmodSync(draft, 0o600); // one that an earlier process left behind keeps its mode
    renameSync(draft, path);
  } catch (cause) {
    rmSync(draft, { force: true });
    const why = cause instanceof Error && 'code' in cause ? `: ${cause.code}` : '';
    throw new CliError(`The file ${path} cannot be written${why}.`, undefined, { cause });
  }
}

function warnOfReaders(path: string, { contexts }: Config): void {
  const holdsToken = Object.values(contexts).some(({ token }) => token !== undefined);
  if (holdsToken && process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0)
    console.error(`modelgraph: others may read the tokens in ${path}: run \`chmod 600 ${path}\`.`);
}

function toConfig(value: unknown): Config {
  if (value === null) return { current: undefined, contexts: {} };
  if (!isObject(value)) throw wrongUsage('it has to be a map with `current` and `contexts`.');
  const { current, contexts = {} } = value;
  if (current !== undefined && current !== null && typeof current !== 'string')
    throw wrongUsage('`current` has to be the name of a context.');
  if (!isObject(contexts)) throw wrongUsage('`contexts` has to be a map of names.');
  const kept = Object.entries(contexts).map(([name, context]) => [name, toContext(name, context)] as const);
  return { current: current ?? undefined, contexts: Object.fromEntries(kept) };
}

function toContext(name: string, value: unknown): KeptContext {
  if (!isObject(value) || typeof value['server'] !== 'string')
    throw wrongUsage(`the context ${name} needs a \`server\`.`);
  const { server, token } = value;
  if (token !== undefined && typeof token !== 'string') throw wrongUsage(`the token of ${name} has to be a text.`);
  return { server: toBaseAddress(server), ...(token === undefined ? {} : { token }) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
