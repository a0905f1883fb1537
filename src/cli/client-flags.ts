import { type Command, Option } from 'commander';

import { wrongUsage } from './cli-error.ts';

/** How a command writes what it found. */
export const FORMATS = ['table', 'json', 'yaml', 'csv', 'name'] as const;

/** One of FORMATS. */
export type Format = (typeof FORMATS)[number];

/** The flags of every command that asks a gateway; they are taken before and after its name. */
export interface ClientFlags {
  readonly server?: string;
  readonly tokenFile?: string;
  readonly context?: string;
  readonly output?: Format;
}

/** Adds them to the program. */
export function addClientFlags(program: Command): void {
  program
    .addOption(new Option('-o, --output <format>', 'how to write what was found (default: table)').choices(FORMATS))
    .option(
      '--server <url>',
      'the gateway to ask, http://HOST:PORT (default: that of the context, else http://127.0.0.1:4000)',
      toBaseAddress,
    )
    .option('--token-file <file>', 'a file with the token to show it; - reads the token from stdin')
    .option('--context <name>', 'use the server and token kept under this name, see `modelgraph context`');
}

/** The address without a `/` at its end. Throws a CliError, which does not repeat it: a password may stand in it. */
export function toBaseAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw wrongUsage('The server has to be given as http://HOST:PORT.');
  if (url.username !== '' || url.password !== '')
    throw wrongUsage('A user or password has no place in the address of the server; see --token-file.');
  if (url.href !== `${url.origin}/`)
    throw wrongUsage(`The server has to be a base address without a path, such as ${url.origin}.`);
  return url.origin;
}
