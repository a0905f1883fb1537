import { type Command, Option } from 'commander';

import {
  ArchiveModelDocument,
  CreateModelDocument,
  GetModelDocument,
  ListModelsDocument,
  type RegistryState,
  UpdateModelDocument,
} from '../../generated/cli-operations.ts';
import { wrongUsage } from '../cli-error.ts';
import { examplesText } from '../examples.ts';
import { bareName, findModel, unknownModel } from '../find-row.ts';
import { defineList } from '../list-command.ts';
import { model, modelInFull, versionOfModel } from '../nouns/model.ts';
import { section, showOne } from '../output/show.ts';
import { toProperties, withProperties } from '../property-flags.ts';
import { act } from '../session.ts';
import { change, type WriteOptions, withDryRun } from '../write-command.ts';

/** `modelgraph models`. */
export function defineModels(models: Command): void {
  defineList(models.command('list').description('List the registered models.'), {
    noun: model,
    examples: ['models list', 'models list --filter "owner = \'language-team\'" -o json', 'models list --all -o name'],
    read: async (session, page) => (await session.ask(ListModelsDocument, page)).page,
  });
  defineGet(models.command('get <name>').description('Show a registered model and its versions.'));
  defineCreate(models.command('create <name>').description('Register a model.'));
  defineUpdate(models.command('update <name>').description('Change what is named here; all else stays.'));
  defineArchive(models.command('archive <name>').description('Take a model out of use. Nothing is removed.'));
}

function defineGet(command: Command): void {
  command.addHelpText('after', examplesText('models get resnet-50', 'models get resnet-50 -o yaml'));
  act(command, async (session, [text = '']) => {
    const name = bareName(text, 'model');
    const row = (await session.ask(GetModelDocument, { name })).registeredModel ?? (await unknownModel(session, name));
    const { nodes, pageInfo, totalCount } = row.versions;
    const more = pageInfo.hasNextPage
      ? `The newest ${nodes.length} of ${totalCount ?? 'more'}; \`modelgraph versions list ${name} --all\` shows all.`
      : undefined;
    const versions = section({ name: 'versions', heading: 'Versions', fields: versionOfModel, rows: nodes, more });
    await showOne(modelInFull, row, session.format, [versions]);
  });
}

interface ModelFlags extends WriteOptions {
  readonly description?: string;
  readonly owner?: string;
  readonly license?: string;
  readonly externalId?: string;
  readonly state?: RegistryState;
  readonly property?: readonly (readonly [string, string])[];
}

function defineCreate(command: Command): void {
  withModelFlags(command).addHelpText(
    'after',
    examplesText(
      'models create churn --owner growth-team --property framework=xgboost',
      'models create churn --dry-run',
    ),
  );
  act<ModelFlags>(command, async (session, [name = ''], flags) => {
    const { dryRun: _, property, ...fields } = flags;
    const input = { name: bareName(name, 'model'), ...fields, customProperties: toProperties(property) };
    await change(session, flags, CreateModelDocument, { input }, modelInFull, 'Created');
  });
}

function defineUpdate(command: Command): void {
  withModelFlags(command)
    .addOption(
      new Option('--state <state>', 'LIVE takes an archived model back into use').choices(['LIVE', 'ARCHIVED']),
    )
    .addHelpText('after', examplesText('models update churn --owner risk-team', 'models update churn --state LIVE'));
  act<ModelFlags>(command, async (session, [name = ''], flags) => {
    const { dryRun: _, property, ...fields } = flags;
    if (Object.keys(fields).length === 0 && !property)
      throw wrongUsage('There is nothing to change: name a field, such as --owner; --help tells which there are.');
    const { databaseId } = await findModel(session, name);
    const input = { databaseId, ...fields, setCustomProperties: toProperties(property) };
    await change(session, flags, UpdateModelDocument, { input }, modelInFull, 'Updated');
  });
}

function defineArchive(command: Command): void {
  withDryRun(command).addHelpText('after', examplesText('models archive churn', 'models archive churn --dry-run'));
  act<WriteOptions>(command, async (session, [name = ''], flags) => {
    const { databaseId } = await findModel(session, name);
    await change(session, flags, ArchiveModelDocument, { input: { databaseId } }, modelInFull, 'Archived');
  });
}

function withModelFlags(command: Command): Command {
  command
    .option('--description <text>', 'what the model is')
    .option('--owner <name>', 'who answers for it')
    .option('--license <id>', 'its license, such as apache-2.0')
    .option('--external-id <id>', 'the id that another system knows it by');
  return withDryRun(withProperties(command));
}
