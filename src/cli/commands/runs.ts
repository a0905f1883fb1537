import { type Command, InvalidArgumentError } from 'commander';

import {
  GetRunDocument,
  ListRunsDocument,
  ListRunsOfExperimentDocument,
  type LogMetricInput,
  LogRunDocument,
} from '../../generated/cli-operations.ts';
import { notFound, wrongUsage } from '../cli-error.ts';
import { examplesText } from '../examples.ts';
import { bareName, findRun, unknownExperiment } from '../find-row.ts';
import { defineList } from '../list-command.ts';
import { artifact } from '../nouns/artifact.ts';
import { run, runInFull } from '../nouns/run.ts';
import { section, showOne } from '../output/show.ts';
import { collectPairs, toPair } from '../property-flags.ts';
import { act } from '../session.ts';
import { change, type WriteOptions, withDryRun } from '../write-command.ts';

/** `modelgraph runs`. */
export function defineRuns(runs: Command): void {
  defineList(runs.command('list [experiment]').description('List the runs of an experiment, or all runs.'), {
    noun: run,
    examples: ['runs list sst2-learning-rate', 'runs list --filter "status = \'FAILED\'" --all'],
    async read(session, page, [text]) {
      if (text === undefined) return (await session.ask(ListRunsDocument, page)).page;
      const experiment = bareName(text, 'experiment');
      const { owner } = await session.ask(ListRunsOfExperimentDocument, { ...page, experiment });
      return owner ? owner.page : await unknownExperiment(session, experiment);
    },
  });
  defineGet(
    runs.command('get <experiment/name>').description('Show a run with its parameters, metrics and artifacts.'),
  );
  defineLog(
    runs.command('log <experiment/name>').description('Log metrics, parameters and datasets to a run, all or nothing.'),
  );
}

function defineGet(command: Command): void {
  command.addHelpText('after', examplesText('runs get sst2-learning-rate/lr-2e-5', 'runs get run:24 -o json'));
  act(command, async (session, [text = '']) => {
    const { databaseId: id } = await findRun(session, text);
    const { experimentRun } = await session.ask(GetRunDocument, { id });
    if (!experimentRun) throw notFound(`There is no run ${text}; \`modelgraph runs list\` tells all.`);
    const { nodes, pageInfo, totalCount } = experimentRun.artifacts;
    const more = pageInfo.hasNextPage
      ? `The first ${nodes.length} of ${totalCount ?? 'more'}; \`modelgraph artifacts list --of run:${bareName(text, 'run')} --all\` shows all.`
      : undefined;
    const artifacts = section({ name: 'artifacts', heading: 'Artifacts', fields: artifact.fields, rows: nodes, more });
    await showOne(runInFull, experimentRun, session.format, [artifacts]);
  });
}

interface LogFlags extends WriteOptions {
  readonly metric?: readonly LogMetricInput[];
  readonly parameter?: readonly (readonly [string, string])[];
  readonly dataset?: readonly (readonly [string, string])[];
}

function defineLog(command: Command): void {
  command
    .option('--metric <name=number[@step]>', 'a metric, at a step of the training; may be repeated', collectMetrics)
    .option('--parameter <name=value>', 'a parameter; may be repeated', collectPairs)
    .option('--dataset <name=uri>', 'a dataset that the run used; may be repeated', collectPairs);
  withDryRun(command).addHelpText(
    'after',
    examplesText(
      'runs log sst2-learning-rate/lr-2e-5 --metric accuracy=92.6 --parameter seed=7',
      'runs log sst2-learning-rate/lr-2e-5 --metric loss=0.31@100 --metric loss=0.22@200 --dry-run',
    ),
  );
  act<LogFlags>(command, async (session, [text = ''], flags) => {
    const { metric: metrics, parameter, dataset } = flags;
    if (!metrics && !parameter && !dataset)
      throw wrongUsage('There is nothing to log: name a --metric, --parameter or --dataset.');
    const { databaseId: experimentRunId } = await findRun(session, text);
    const parameters = parameter?.map(([name, value]) => ({ name, value }));
    const dataSets = dataset?.map(([name, uri]) => ({ name, uri }));
    const input = { experimentRunId, metrics, parameters, dataSets };
    await change(session, flags, LogRunDocument, { input }, run, 'Logged to');
  });
}

function collectMetrics(text: string, before: readonly LogMetricInput[] = []): readonly LogMetricInput[] {
  const [name, rest] = toPair(text);
  const [, number = '', step] = /^([^@]+)(?:@(-?\d{1,19}))?$/.exec(rest) ?? [];
  const value = Number(number);
  if (number.trim() !== '' && Number.isFinite(value)) return [...before, { name, value, step }];
  throw new InvalidArgumentError('it has to be NAME=NUMBER or NAME=NUMBER@STEP');
}
