import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';

import packageJson from '../package.json' with { type: 'json' };
import { demo } from './commands/demo.ts';
import { mlmd } from './commands/mlmd.ts';
import { serve } from './commands/serve.ts';
import { registryErrorIn } from './errors.ts';
import { LOG_LEVELS } from './observe.ts';

/** Exit code for what the user can mend in the command line; 1 is for what failed. */
const WRONG_USAGE = 2;

const program = new Command('modelgraph')
  .description('A GraphQL gateway to ML metadata.')
  .version(packageJson.version, '--version', 'print the version')
  .exitOverride()
  .configureOutput({ writeErr: () => {} })
  .showSuggestionAfterError(true);

withGatewayOptions(program.command('serve'))
  .description('Serve GraphQL over an embedded store or an MLMD server.')
  .addOption(
    new Option(
      '--db <file>',
      'SQLite file of the embedded store; made where there is none (default: modelgraph.db)',
    ).conflicts('mlmd'),
  )
  .addOption(new Option('--mlmd <host:port>', 'an MLMD gRPC server, in place of the embedded store'))
  .option('--mlmd-tls', 'speak TLS with the MLMD server')
  .option('--mlmd-ca <file>', 'PEM file of the authorities to trust (default: the public ones)')
  .option('--mlmd-cert <file>', 'PEM file of our certificate, for mutual TLS')
  .option('--mlmd-key <file>', 'PEM file of its key')
  .option('--rest <folder>', 'serve the routes of the GraphQL documents in this folder too')
  .option('--grpc-port <number>', 'serve the store over gRPC too, as `mlmd` does, on this port', toPort)
  .action(serve);

withListenOptions(program.command('mlmd'), 8080)
  .description('Serve an embedded store over gRPC to the clients of ML Metadata.')
  .option('--db <file>', 'SQLite file of the store; made where there is none', 'modelgraph.db')
  .action(mlmd);

withGatewayOptions(program.command('demo'))
  .description('Serve demonstration data from a store that is thrown away afterwards.')
  .action(demo);

/** The options of every command with a gateway. */
function withGatewayOptions(command: Command): Command {
  return withListenOptions(command, 4000).option('--timeout <seconds>', 'how long one request may take', toSeconds, 10);
}

/** The options of every command that listens. */
function withListenOptions(command: Command, port: number): Command {
  return command
    .option('--port <number>', 'port to listen on; 0 takes a free one', toPort, port)
    .option('--host <address>', 'address to listen on', toHost, '127.0.0.1')
    .option('--allow-unauthenticated', 'serve everyone who can reach an address other than loopback')
    .addOption(new Option('--log-level <level>', 'how much to log on stderr').choices(LOG_LEVELS).default('info'));
}

function toPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('it has to be a whole number from 0 to 65535');
}

/** A name or an address; an IPv6 address also in brackets, as in a URL. */
function toHost(text: string): string {
  if (/^[^\s[\]/]+$/.test(text)) return text;
  const bracketed = /^\[([\da-f:.]+)\]$/i.exec(text)?.[1];
  if (bracketed !== undefined) return bracketed;
  throw new InvalidArgumentError('it has to be a name or an address of this machine');
}

function toSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && seconds <= 3_600) return seconds;
  throw new InvalidArgumentError('it has to be a number of seconds, above 0 and up to 3600');
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = tell(error);
}

/** Says on stderr in one sentence what went wrong; gives the exit code. */
function tell(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    console.error(`modelgraph: ${usageProblem(error)}.`);
    return WRONG_USAGE;
  }
  const known = registryErrorIn(error);
  if (!known) throw error;
  console.error(`modelgraph: ${known.message}`);
  return known.code === 'INVALID_ARGUMENT' ? WRONG_USAGE : 1;
}

/** Commander's words as one sentence, with a hint where they say only what is wrong. */
function usageProblem({ code, message }: CommanderError): string {
  if (code === 'commander.help') {
    const names = program.commands.map((command) => command.name());
    return `name a command, ${new Intl.ListFormat('en', { type: 'disjunction' }).format(names)}; --help tells more`;
  }
  const problem = message
    .replace(/^error: /, '')
    .replaceAll(/\s+/g, ' ')
    .replace(/\.$/, '');
  if (code === 'commander.invalidArgument')
    return problem.replace(/ is invalid\. (.)/, (_, next) => ` is invalid: ${next.toLowerCase()}`);
  return `${problem.replace('(Did', '(did').replace('. Expected', ', expected')}; --help tells what there is`;
}
