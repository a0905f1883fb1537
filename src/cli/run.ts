import { type Command, CommanderError } from 'commander';

import { CliError, EXIT, wrongUsage } from './cli-error.ts';
import type { ClientFlags } from './client-flags.ts';
import { entryOf, reachedCommand } from './command-tree.ts';
import { usageProblem } from './usage-problem.ts';

/** Reads the arguments of the process and does what they say. Gives the exit code; a failure is one sentence on stderr. */
export async function runCommandLine(program: Command): Promise<number> {
  program.hook('preAction', (_program, command) => refuseClientFlags(program, command));
  process.stdout.on('error', endWithoutReader);
  try {
    await program.parseAsync();
    return EXIT.DONE;
  } catch (error) {
    return tell(error, program);
  }
}

/** The flags of the program stand before or after any command; what asks no gateway has none of them. */
function refuseClientFlags(program: Command, command: Command): void {
  if (entryOf(command)?.asksGateway) return;
  const flags: ClientFlags = program.opts();
  for (const option of program.options) {
    const name = option.attributeName();
    if (name in flags && program.getOptionValueSource(name) === 'cli')
      throw wrongUsage(`unknown option '${option.long}'; --help tells what there is.`);
  }
}

function tell(error: unknown, program: Command): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.DONE;
    console.error(`modelgraph: ${usageProblem(error, reachedCommand(program))}.`);
    return EXIT.WRONG_USAGE;
  }
  if (!(error instanceof CliError)) throw error;
  console.error(`modelgraph: ${error.message}`);
  return error.exitCode;
}

/** Whoever read what we write has had enough of it, as `head` does. */
function endWithoutReader(error: Error): void {
  if ('code' in error && error.code === 'EPIPE') process.exit(EXIT.DONE);
  throw error;
}
