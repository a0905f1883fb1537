import {
  type DeploymentFieldsFragment,
  DeploymentsDocument,
  DeploymentsOfDocument,
  type DeploymentsQueryVariables,
} from '../generated/client-operations.ts';
import type { Client, QueryOptions } from './client.ts';
import { noSuch } from './no-such.ts';
import { type ListArguments, readRows } from './rows.ts';

/** Where a model serves: an inference service, what it is to do, and what was last told of it. */
export interface Deployment extends Omit<DeploymentFieldsFragment, 'serves'> {
  /** The deployment that was recorded last, with its state and version; null where there was none. */
  readonly latest: DeploymentFieldsFragment['serves']['nodes'][number] | null;
}

/** Which deployments are asked for. */
export interface ListDeploymentsArguments extends ListArguments<DeploymentsQueryVariables> {
  /** Only those of the model of this name. */
  readonly model?: string | undefined;
}

/** Which version serves in which environment. Rejects with NOT_FOUND where there is no model of the name. */
export async function* listDeployments(
  client: Client,
  { model, limit, pageSize, ...which }: ListDeploymentsArguments = {},
  options?: QueryOptions,
): AsyncGenerator<Deployment, void, undefined> {
  const services = readRows(
    async (place) => {
      const variables = { ...which, ...place };
      if (model === undefined) return (await client.query(DeploymentsDocument, variables, options)).inferenceServices;
      const { registeredModel } = await client.query(DeploymentsOfDocument, { model, ...variables }, options);
      return registeredModel?.inferenceServices ?? noSuch('registered model', model);
    },
    { limit, pageSize },
  );
  for await (const { serves, ...service } of services) yield { ...service, latest: serves.nodes[0] ?? null };
}
