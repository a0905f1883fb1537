import type { Command } from 'commander';

import { wrongUsage } from '../cli-error.ts';
import { findCommand, programOf } from '../command-tree.ts';
import { examplesText } from '../examples.ts';

/** `modelgraph help`. */
export function defineHelp(command: Command): void {
  command
    .argument('[command...]', 'the command to tell about')
    .addHelpText('after', examplesText('help', 'help models list'))
    .action(async (names: readonly string[]) => {
      const found = await findCommand(programOf(command), names);
      if (!found)
        throw wrongUsage(`There is no command \`${names.join(' ')}\`; \`modelgraph help\` tells which there are.`);
      found.outputHelp();
    });
}
