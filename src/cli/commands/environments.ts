import type { Command } from 'commander';

import { GetEnvironmentDocument, ListEnvironmentsDocument } from '../../generated/cli-operations.ts';
import { examplesText } from '../examples.ts';
import { bareName, unknownEnvironment } from '../find-row.ts';
import { defineList } from '../list-command.ts';
import { deployment } from '../nouns/deployment.ts';
import { environment, environmentInFull } from '../nouns/environment.ts';
import { section, showOne } from '../output/show.ts';
import { act } from '../session.ts';

/** `modelgraph environments`. */
export function defineEnvironments(environments: Command): void {
  defineList(environments.command('list').description('List the serving environments.'), {
    noun: environment,
    examples: ['environments list', 'environments list -o name'],
    read: async (session, page) => (await session.ask(ListEnvironmentsDocument, page)).page,
  });
  const get = environments.command('get <name>').description('Show a serving environment and what is deployed in it.');
  get.addHelpText('after', examplesText('environments get production', 'environments get staging -o yaml'));
  act(get, async (session, [text = '']) => {
    const name = bareName(text, 'environment');
    const { servingEnvironment } = await session.ask(GetEnvironmentDocument, { name });
    const row = servingEnvironment ?? (await unknownEnvironment(session, name));
    const { nodes, pageInfo, totalCount } = row.services;
    const more = pageInfo.hasNextPage
      ? `The first ${nodes.length} of ${totalCount ?? 'more'}; \`modelgraph deployments --all\` shows all.`
      : undefined;
    const fields = deployment.fields.filter((field) => field.name !== 'environment');
    const services = section({ name: 'deployments', heading: 'Deployments', fields, rows: nodes, more });
    await showOne(environmentInFull, row, session.format, [services]);
  });
}
