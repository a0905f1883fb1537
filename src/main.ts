import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { demo } from './commands/demo.ts';
import { serve } from './commands/serve.ts';
import { registryErrorIn } from './errors.ts';
import { LOG_LEVELS } from './observe.ts';

/** Exit code for what the user can mend in the command line; 1 is for what failed. */
const WRONG_USAGE = 2;

const program = new Command('modelgraph')
  .description('A GraphQL gateway to ML metadata.')
  .exitOverride()
  .configureOutput({ outputError: () => {} })
  .showSuggestionAfterError(true);

withServerOptions(program.command('serve'))
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
  .action(serve);

withServerOptions(program.command('demo'))
  .description('Serve demonstration data from a store that is thrown away afterwards.')
  .action(demo);

/** The options of every command that listens. */
function withServerOptions(command: Command): Command {
  return command
    .allowExcessArguments(false)
    .option('--port <number>', 'port to listen on; 0 takes a free one', toPort, 4000)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--allow-unauthenticated', 'serve everyone who can reach an address other than loopback')
    .option('--timeout <seconds>', 'how long one request may take', toSeconds, 10)
    .addOption(new Option('--log-level <level>', 'how much to log on stderr').choices(LOG_LEVELS).default('info'));
}

function toPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}

function toSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && seconds <= 3_600) return seconds;
  throw new InvalidArgumentError('It has to be a number of seconds, above 0 and up to 3600.');
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
    console.error(error.message.replace(/^error: /, 'modelgraph: ').replace(/\s+/g, ' '));
    return WRONG_USAGE;
  }
  const known = registryErrorIn(error);
  if (!known) throw error;
  console.error(`modelgraph: ${known.message}`);
  return known.code === 'INVALID_ARGUMENT' ? WRONG_USAGE : 1;
}
