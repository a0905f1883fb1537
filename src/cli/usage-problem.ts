import type { Command, CommanderError } from 'commander';

/** Commander's words as one sentence, with a hint where they say only what is wrong. `at` is the command that was read. */
export function usageProblem({ code, message }: CommanderError, at: Command): string {
  if (code === 'commander.help') {
    const names = new Intl.ListFormat('en', { type: 'disjunction' }).format(at.commands.map((each) => each.name()));
    const what = at.parent ? `name a command after \`${pathOf(at)}\`` : 'name a command';
    return `${what}, ${names}; --help tells more`;
  }
  const problem = message
    .replace(/^error: /, '')
    .replace(/^(unknown option '[^'=]*)=[^']*'/s, "$1'") // the value may be a token
    .replaceAll(/\s+/g, ' ')
    .replace(/\.$/, '');
  if (code === 'commander.invalidArgument')
    return problem.replace(
      / is invalid( for argument '[^']*')?\. (.)/,
      (_, of = '', next) => ` is invalid${of}: ${next.toLowerCase()}`,
    );
  if (problem === "unknown option '--token'")
    return `${problem}: others could see the token in the list of processes; see --token-file`;
  return `${problem.replace('(Did', '(did').replace('. Expected', ', expected')}; --help tells what there is`;
}

/** The command as it is typed: `modelgraph models list`. */
export function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
