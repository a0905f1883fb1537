import { Command } from 'commander';

/** A command of the top level. What it is made of is loaded when it is called, so that no other pays for it. */
export interface CommandEntry {
  readonly name: string;
  readonly description: string;
  /** The heading that it stands under in `--help`. */
  readonly group: string;
  /** True for what asks a gateway, and so takes the flags of `addClientFlags`. */
  readonly asksGateway: boolean;
  /** Not shown in `--help`. */
  readonly hidden?: boolean;
  /** Gives the function that adds options, arguments, commands below it and the action. */
  load(): Promise<(command: Command) => void>;
}

const entries = new WeakMap<Command, CommandEntry>();
const defined = new WeakSet<Command>();

/** Adds the commands, each empty as yet, and fills the one that is called. */
export function addCommands(program: Command, all: readonly CommandEntry[]): void {
  for (const entry of all) {
    const command = program
      .command(entry.name, { hidden: entry.hidden ?? false })
      .description(entry.description)
      .helpGroup(entry.group);
    if (entry.asksGateway) command.configureHelp({ showGlobalOptions: true });
    entries.set(command, entry);
  }
  noteReached(program, program);
  program.hook('preSubcommand', (_program, command) => define(command));
}

const reached = new WeakMap<Command, Command>();

/** The command that the arguments have named so far; it is what a problem with them is about. */
export function reachedCommand(program: Command): Command {
  return reached.get(program) ?? program;
}

function noteReached(program: Command, command: Command): void {
  command.hook('preSubcommand', (_parent, below) => void reached.set(program, below));
}

/** The entry of the command of the top level that this one is, or is below. */
export function entryOf(command: Command): CommandEntry | undefined {
  return entries.get(command) ?? (command.parent ? entryOf(command.parent) : undefined);
}

/** Fills all commands: for the documentation and for completion, which are about the whole tree. */
export async function defineAll(program: Command): Promise<void> {
  for (const command of program.commands) await define(command);
}

/** Fills a command, unless it is. */
export async function define(command: Command): Promise<void> {
  const entry = entries.get(command);
  if (!entry || defined.has(command)) return;
  defined.add(command);
  (await entry.load())(command);
  noteReached(programOf(command), command);
}

/** The command that this one is below in the end. */
export function programOf(command: Command): Command {
  return command.parent ? programOf(command.parent) : command;
}

/** The command of these names, as far as there is one. */
export async function findCommand(program: Command, names: readonly string[]): Promise<Command | undefined> {
  let found: Command | undefined = program;
  for (const name of names) {
    found = found?.commands.find((command) => command.name() === name || command.aliases().includes(name));
    if (found) await define(found);
  }
  return found;
}

/** A new program with the manners of ours: errors are thrown, and said in one sentence by who catches them. */
export function newProgram(name: string): Command {
  return new Command(name)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .showSuggestionAfterError(true)
    .helpCommand(false);
}
