import type { Command } from 'commander';

import { programOf } from '../command-tree.ts';
import { examplesText } from '../examples.ts';
import { showData, write } from '../output/show.ts';
import { act } from '../session.ts';

/** `modelgraph version`. */
export function defineVersion(command: Command): void {
  command.addHelpText('after', examplesText('version', 'version -o json'));
  act(command, async ({ format }) => {
    const modelgraph = programOf(command).version() ?? '';
    if (format === 'json' || format === 'yaml') await showData({ modelgraph, node: process.versions.node }, format);
    else write(modelgraph);
  });
}
