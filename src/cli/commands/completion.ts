import { Argument, type Command } from 'commander';

import { defineAll, programOf } from '../command-tree.ts';
import { examplesText } from '../examples.ts';

const SHELLS = ['bash', 'zsh', 'fish'];

/** `modelgraph completion`. */
export function defineCompletion(command: Command): void {
  command
    .addArgument(new Argument('<shell>', 'the shell that is to complete').choices(SHELLS))
    .addHelpText(
      'after',
      [
        examplesText('completion bash > ~/.local/share/bash-completion/completions/modelgraph'),
        '  $ source <(modelgraph completion zsh)',
        '  $ modelgraph completion fish > ~/.config/fish/completions/modelgraph.fish',
      ].join('\n'),
    )
    .action(async (shell: string) => {
      const { script } = await import('@bomb.sh/tab');
      script(shell, 'modelgraph', 'modelgraph');
    });
}

/** `modelgraph complete -- WORDS`: what the shells ask. */
export function defineComplete(command: Command): void {
  command.argument('[words...]').action(async (words: readonly string[]) => {
    const program = programOf(command);
    await defineAll(program);
    const { completeWords } = await import('../complete-words.ts');
    completeWords(program, words);
  });
}
