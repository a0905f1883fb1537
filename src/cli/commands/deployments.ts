import type { Command } from 'commander';

import { ListDeploymentsDocument, ListDeploymentsOfModelDocument } from '../../generated/cli-operations.ts';
import { bareName, unknownModel } from '../find-row.ts';
import { defineList } from '../list-command.ts';
import { deployment } from '../nouns/deployment.ts';

/** `modelgraph deployments`. */
export function defineDeployments(deployments: Command): void {
  deployments.argument('[model]', 'only the services that serve a version of this model');
  defineList(deployments, {
    noun: deployment,
    examples: [
      'deployments',
      'deployments bert-base-uncased-sst2 -o json',
      'deployments --filter "desiredState = \'DEPLOYED\'"',
    ],
    async read(session, page, [text]) {
      if (text === undefined) return (await session.ask(ListDeploymentsDocument, page)).page;
      const model = bareName(text, 'model');
      const { owner } = await session.ask(ListDeploymentsOfModelDocument, { ...page, model });
      return owner ? owner.page : await unknownModel(session, model);
    },
  });
}
