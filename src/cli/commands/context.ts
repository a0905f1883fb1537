import type { Command } from 'commander';

import { type Config, configPath, readConfig, writeConfig } from '../config-file.ts';
import { unknownContext } from '../connection.ts';
import { examplesText } from '../examples.ts';
import type { Noun } from '../output/field.ts';
import { showList, write } from '../output/show.ts';
import { act } from '../session.ts';
import { type WriteOptions, withDryRun } from '../write-command.ts';

interface Row {
  readonly name: string;
  readonly server: string;
  readonly current: boolean;
  readonly token: boolean;
}

/** The kept contexts. That there is a token is told; the token is not. */
const context: Noun<Row> = {
  singular: 'context',
  plural: 'contexts',
  ref: ({ name }) => name,
  fields: [
    { name: 'current', heading: 'CURRENT', of: ({ current }) => current },
    { name: 'name', heading: 'NAME', as: 'name', of: ({ name }) => name },
    { name: 'server', heading: 'SERVER', of: ({ server }) => server },
    { name: 'token', heading: 'TOKEN', of: ({ token }) => token },
  ],
};

/** `modelgraph context`. */
export function defineContext(contexts: Command): void {
  const list = contexts.command('list').description('List the servers that are kept, and whether there is a token.');
  list.addHelpText('after', examplesText('context list', 'context list -o json'));
  act(list, async ({ environment, format }) => {
    const { current, contexts: kept } = await readConfig(configPath(environment));
    const rows = Object.entries(kept).map(([name, { server, token }]) => ({
      name,
      server,
      current: name === current,
      token: token !== undefined,
    }));
    await showList(context, rows, format);
  });
  defineChange(
    contexts.command('use <name>').description('Ask this server where no other is named.'),
    'use',
    'Now uses',
  );
  defineChange(contexts.command('remove <name>').description('Forget a server and its token.'), 'remove', 'Removed');
}

function defineChange(command: Command, verb: 'use' | 'remove', done: string): void {
  withDryRun(command).addHelpText('after', examplesText(`context ${verb} staging`));
  act<WriteOptions>(command, async ({ environment }, [name = ''], { dryRun }) => {
    const path = configPath(environment);
    const config = await readConfig(path);
    const kept = Object.hasOwn(config.contexts, name) ? config.contexts[name] : undefined;
    if (!kept) throw await unknownContext(name, config.contexts);
    if (dryRun) return write(`Would ${verb} the context ${name} (${kept.server}) in ${path}.`);
    await writeConfig(path, verb === 'use' ? { ...config, current: name } : without(config, name));
    write(`${done} the context ${name} (${kept.server}).`);
  });
}

function without({ current, contexts }: Config, name: string): Config {
  const { [name]: _, ...others } = contexts;
  return { current: current === name ? undefined : current, contexts: others };
}
