import type { Command } from 'commander';

import {
  CreateVersionDocument,
  GetVersionDocument,
  ListVersionsDocument,
  ListVersionsOfModelDocument,
} from '../../generated/cli-operations.ts';
import { notFound } from '../cli-error.ts';
import { examplesText } from '../examples.ts';
import { bareName, findModel, findVersion, unknownModel } from '../find-row.ts';
import { defineList } from '../list-command.ts';
import { artifact } from '../nouns/artifact.ts';
import { serviceOfVersion, version, versionInFull } from '../nouns/version.ts';
import { section, showOne } from '../output/show.ts';
import { toProperties, withProperties } from '../property-flags.ts';
import { act } from '../session.ts';
import { change, type WriteOptions, withDryRun } from '../write-command.ts';
import { defineCompare } from './compare.ts';

/** `modelgraph versions`. */
export function defineVersions(versions: Command): void {
  defineList(versions.command('list [model]').description('List the versions of a model, or those of all models.'), {
    noun: version,
    examples: ['versions list bert-base-uncased-sst2', 'versions list --filter "author = \'grace\'" -o csv'],
    async read(session, page, [text]) {
      if (text === undefined) return (await session.ask(ListVersionsDocument, page)).page;
      const model = bareName(text, 'model');
      const { owner } = await session.ask(ListVersionsOfModelDocument, { ...page, model });
      return owner ? owner.page : await unknownModel(session, model);
    },
  });
  defineGet(
    versions.command('get <model/name>').description('Show a version, what it consists of and where it serves.'),
  );
  defineCreate(versions.command('create <model> <name>').description('Register a version of a model.'));
  defineCompare(
    versions
      .command('compare <a> <b>')
      .description('Show two versions side by side: parameters, metrics and the rest, with their differences marked.'),
  );
}

function defineGet(command: Command): void {
  command.addHelpText(
    'after',
    examplesText('versions get bert-base-uncased-sst2/v3', 'versions get bert-base-uncased-sst2/v3 -o json'),
  );
  act(command, async (session, [text = '']) => {
    const { databaseId, owner, name } = await findVersion(session, text);
    const { modelVersion } = await session.ask(GetVersionDocument, { id: databaseId });
    if (!modelVersion) throw notFound(`The version ${text} is gone.`);
    const { nodes, pageInfo, totalCount } = modelVersion.artifacts;
    const more = pageInfo.hasNextPage
      ? `The first ${nodes.length} of ${totalCount ?? 'more'}; \`modelgraph artifacts list --of version:${owner}/${name} --all\` shows all.`
      : undefined;
    await showOne(versionInFull, modelVersion, session.format, [
      section({ name: 'artifacts', heading: 'Artifacts', fields: artifact.fields, rows: nodes, more }),
      section({
        name: 'deployments',
        heading: 'Deployments',
        fields: serviceOfVersion,
        rows: modelVersion.inferenceServices.nodes,
      }),
    ]);
  });
}

interface VersionFlags extends WriteOptions {
  readonly description?: string;
  readonly author?: string;
  readonly externalId?: string;
  readonly property?: readonly (readonly [string, string])[];
}

function defineCreate(command: Command): void {
  command
    .option('--description <text>', 'what the version is')
    .option('--author <name>', 'who made it')
    .option('--external-id <id>', 'the id that another system knows it by');
  withDryRun(withProperties(command)).addHelpText(
    'after',
    examplesText('versions create churn v1 --author ada', 'versions create churn v1 --dry-run -o json'),
  );
  act<VersionFlags>(command, async (session, [model = '', name = ''], flags) => {
    const { dryRun: _, property, ...fields } = flags;
    const { databaseId: registeredModelId } = await findModel(session, model);
    const input = { registeredModelId, name, ...fields, customProperties: toProperties(property) };
    await change(session, flags, CreateVersionDocument, { input }, versionInFull, 'Created');
  });
}
