import { readFileSync } from 'node:fs';
import type { Command } from 'commander';

import { defineAll } from '../src/cli/command-tree.ts';
import { changedField } from '../src/cli/commands/diff.ts';
import { dependent } from '../src/cli/commands/impact.ts';
import { lineageNode } from '../src/cli/lineage-graph.ts';
import { artifact, artifactInFull } from '../src/cli/nouns/artifact.ts';
import { deployment } from '../src/cli/nouns/deployment.ts';
import { environment, environmentInFull } from '../src/cli/nouns/environment.ts';
import { experiment, experimentInFull } from '../src/cli/nouns/experiment.ts';
import { model, modelInFull } from '../src/cli/nouns/model.ts';
import { run, runInFull } from '../src/cli/nouns/run.ts';
import { version, versionInFull } from '../src/cli/nouns/version.ts';
import { pathOf } from '../src/cli/usage-problem.ts';
import { createProgram } from '../src/program.ts';

/** Where it stands. */
export const CLI_PAGE = new URL('../docs/cli.md', import.meta.url);

/** What comes behind it is printed, what stands before it is written by hand. */
const MARK = '<!-- From here on: npm run print-cli -->\n';

/** Columns of the help on the page. */
const WIDTH = 100;

/** What the fields of lists and, behind them, of single rows are called. */
const FIELDS = [
  ['models', model.fields, modelInFull.fields],
  ['versions', version.fields, versionInFull.fields],
  ['artifacts', artifact.fields, artifactInFull.fields],
  ['experiments', experiment.fields, experimentInFull.fields],
  ['runs', run.fields, runInFull.fields],
  ['deployments', deployment.fields, []],
  ['environments', environment.fields, environmentInFull.fields],
  ['lineage (nodes)', lineageNode.fields, []],
  ['impact', dependent.fields, []],
  ['diff (csv)', changedField.fields, []],
] as const;

/** The page of the command line: what is written by hand, then the fields and the help of every command. */
export async function cliPage(): Promise<string> {
  const [written = ''] = readFileSync(CLI_PAGE, 'utf8').split(MARK);
  const program = createProgram();
  await defineAll(program);
  const help = leaves(program).map((command) => `### ${pathOf(command)}\n\n\`\`\`\n${helpOf(command)}\n\`\`\`\n`);
  return [
    written + MARK,
    '## Fields\n',
    fieldTable(),
    '## Commands\n',
    `\`\`\`\n${helpOf(program)}\n\`\`\`\n`,
    ...help,
  ].join('\n');
}

function fieldTable(): string {
  const rows = FIELDS.map(([name, listed, full]) => {
    const names = listed.map((field) => field.name);
    const more = full.map((field) => field.name).filter((each) => !names.includes(each));
    return `| ${name} | ${code(names)} | ${code(more)} |`;
  });
  return ['| of | in lists | and of a single one |', '|---|---|---|', ...rows, ''].join('\n');
}

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(' ');
}

/** The commands that do something, without those that are hidden. */
function leaves(command: Command): Command[] {
  const below = command.createHelp().visibleCommands(command);
  return below.length === 0 ? [command] : below.flatMap(leaves);
}

/** Its help; the flags that all commands have are told once, by the program. */
function helpOf(command: Command): string {
  command.configureHelp({ helpWidth: WIDTH, showGlobalOptions: false });
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => WIDTH });
  command.outputHelp();
  return text.trim();
}
