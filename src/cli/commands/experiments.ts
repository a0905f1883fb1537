import type { Command } from 'commander';

import { GetExperimentDocument, ListExperimentsDocument } from '../../generated/cli-operations.ts';
import { examplesText } from '../examples.ts';
import { bareName, unknownExperiment } from '../find-row.ts';
import { defineList } from '../list-command.ts';
import { experiment, experimentInFull } from '../nouns/experiment.ts';
import { run } from '../nouns/run.ts';
import { section, showOne } from '../output/show.ts';
import { act } from '../session.ts';

/** `modelgraph experiments`. */
export function defineExperiments(experiments: Command): void {
  defineList(experiments.command('list').description('List the experiments.'), {
    noun: experiment,
    examples: ['experiments list', 'experiments list -o csv'],
    read: async (session, page) => (await session.ask(ListExperimentsDocument, page)).page,
  });
  const get = experiments.command('get <name>').description('Show an experiment and its runs.');
  get.addHelpText(
    'after',
    examplesText('experiments get sst2-learning-rate', 'experiments get sst2-learning-rate -o yaml'),
  );
  act(get, async (session, [text = '']) => {
    const name = bareName(text, 'experiment');
    const row =
      (await session.ask(GetExperimentDocument, { name })).experiment ?? (await unknownExperiment(session, name));
    const { nodes, pageInfo, totalCount } = row.runs;
    const more = pageInfo.hasNextPage
      ? `The newest ${nodes.length} of ${totalCount ?? 'more'}; \`modelgraph runs list ${name} --all\` shows all.`
      : undefined;
    const fields = run.fields.filter((field) => field.name !== 'experiment');
    const runs = section({ name: 'runs', heading: 'Runs', fields, rows: nodes, more });
    await showOne(experimentInFull, row, session.format, [runs]);
  });
}
