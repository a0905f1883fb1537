import { type Command, InvalidArgumentError } from 'commander';
import { askForToken } from '../ask-for-token.ts';
import { wrongUsage } from '../cli-error.ts';
import { toBaseAddress } from '../client-flags.ts';
import { configPath, readConfig, writeConfig } from '../config-file.ts';
import { examplesText } from '../examples.ts';
import { write } from '../output/show.ts';
import { act } from '../session.ts';
import { readToken } from '../token.ts';
import { tryServer } from '../try-server.ts';
import { type WriteOptions, withDryRun } from '../write-command.ts';

interface LoginFlags extends WriteOptions {
  readonly name?: string;
}

/** `modelgraph login`. */
export function defineLogin(command: Command): void {
  withDryRun(
    command
      .argument('<url>', 'the base address of the server, http://HOST:PORT')
      .option('--name <name>', 'what to call it (default: its host)', toName),
  ).addHelpText(
    'after',
    [
      '',
      'Without --token-file the token is asked for on the terminal. It is tried, then kept in the configuration',
      'file, which only you may read; it is never printed.',
      examplesText(
        'login https://registry.example.com --name prod',
        'login http://localhost:4000 --token-file token.txt',
        'login http://localhost:4000 --token-file - < token.txt',
      ),
    ].join('\n'),
  );
  act<LoginFlags>(command, async ({ environment, flags, signal }, [url = ''], { name: asked, dryRun }) => {
    if (flags.server !== undefined || flags.context !== undefined)
      throw wrongUsage('The server to log in to is the argument of `login`; leave --server and --context out.');
    const server = toBaseAddress(url);
    const name = asked ?? new URL(server).hostname;
    const path = configPath(environment);
    if (dryRun) return write(`Would keep ${server} as ${name} in ${path}, after having tried it.`);
    const token = flags.tokenFile === undefined ? await askForToken(server, signal) : await readToken(flags.tokenFile);
    await tryServer({ server, token }, signal);
    const config = await readConfig(path);
    const kept = { server, ...(token === undefined ? {} : { token }) };
    await writeConfig(path, { current: name, contexts: { ...config.contexts, [name]: kept } });
    write(`Logged in to ${server}, kept as ${name}${token === undefined ? ', without a token' : ''}.`);
  });
}

function toName(text: string): string {
  if (/^[\w.-]+$/.test(text)) return text;
  throw new InvalidArgumentError('it has to be one word of letters, digits, dots, dashes and underscores');
}
