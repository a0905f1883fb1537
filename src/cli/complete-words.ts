import { type Command as Completed, RootCommand } from '@bomb.sh/tab';
import type { Argument, Command, Option } from 'commander';

import { entryOf } from './command-tree.ts';

/** Writes how the last of the words may go on, as the scripts of `modelgraph completion` want it. */
export function completeWords(program: Command, words: readonly string[]): void {
  const root = new RootCommand();
  addTo(root, program, program);
  addBelow(root, program, program, '');
  root.parse([...words]);
}

function addBelow(root: RootCommand, program: Command, parent: Command, path: string): void {
  const help = parent.createHelp();
  for (const command of help.visibleCommands(parent)) {
    const name = path === '' ? command.name() : `${path} ${command.name()}`;
    addTo(root.command(name, command.description()), program, command);
    addBelow(root, program, command, name);
  }
}

/** Gives what is completed the flags and arguments of the command, and the flags that all commands take. */
function addTo(completed: Completed, program: Command, command: Command): void {
  const help = command.createHelp();
  const all = entryOf(command)?.asksGateway ? program.options : [];
  for (const option of [...help.visibleOptions(command), ...all]) addOption(completed, option);
  for (const argument of command.registeredArguments) addArgument(completed, argument);
}

function addOption(completed: Completed, option: Option): void {
  const { long, short, description, required, optional, argChoices = [] } = option;
  const name = long?.replace(/^--/, '');
  if (name === undefined) return;
  const alias = short?.replace(/^-/, '');
  if (required || optional) completed.option(name, description, (complete) => offer(argChoices, complete), alias);
  else if (alias === undefined) completed.option(name, description);
  else completed.option(name, description, alias);
}

function addArgument(completed: Completed, argument: Argument): void {
  const choices = argument.argChoices ?? [];
  completed.argument(argument.name(), (complete) => offer(choices, complete), argument.variadic);
}

function offer(choices: readonly string[], complete: (value: string, description: string) => void): void {
  for (const choice of choices) complete(choice, '');
}
