import type { Command } from 'commander';

import { CliError, notFound } from '../cli-error.ts';
import { configPath, readConfig, writeConfig } from '../config-file.ts';
import { unknownContext } from '../connection.ts';
import { examplesText } from '../examples.ts';
import { write } from '../output/show.ts';
import { act } from '../session.ts';
import { type WriteOptions, withDryRun } from '../write-command.ts';

/** `modelgraph logout`. */
export function defineLogout(command: Command): void {
  withDryRun(command.argument('[context]', 'the name of the server (default: the current one)')).addHelpText(
    'after',
    examplesText('logout', 'logout staging'),
  );
  act<WriteOptions>(command, async ({ environment }, [asked], { dryRun }) => {
    const path = configPath(environment);
    const config = await readConfig(path);
    const name = asked ?? config.current;
    if (name === undefined) throw notFound('Nobody is logged in; `modelgraph login URL` does that.');
    const kept = Object.hasOwn(config.contexts, name) ? config.contexts[name] : undefined;
    if (!kept) throw await unknownContext(name, config.contexts);
    if (kept.token === undefined)
      throw new CliError(`There is no token of ${name}; the server ${kept.server} is kept.`);
    if (dryRun) return write(`Would forget the token of ${name} (${kept.server}) in ${path}.`);
    const contexts = { ...config.contexts, [name]: { server: kept.server } };
    await writeConfig(path, { ...config, contexts });
    write(`Forgot the token of ${name}; the server ${kept.server} is kept.`);
  });
}
