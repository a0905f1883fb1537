import type { DeploymentRowFragment } from '../../generated/cli-operations.ts';
import type { Noun } from '../output/field.ts';

/**
 * What is wanted of an inference service, and what is: the version and state that it is to have, and those of its last
 * deployment.
 */
export const deployment: Noun<DeploymentRowFragment> = {
  singular: 'deployment',
  plural: 'deployments',
  ref: ({ databaseId }) => `context:${databaseId}`,
  fields: [
    { name: 'environment', heading: 'ENVIRONMENT', of: (row) => row.servingEnvironment?.name },
    { name: 'service', heading: 'SERVICE', as: 'name', of: (row) => row.name },
    { name: 'model', heading: 'MODEL', as: 'path', of: (row) => row.registeredModel?.name },
    { name: 'desiredVersion', heading: 'WANTED', of: (row) => row.modelVersion?.name },
    { name: 'currentVersion', heading: 'SERVES', of: (row) => last(row)?.modelVersion?.name },
    { name: 'desiredState', heading: 'DESIRED', as: 'state', of: (row) => row.desiredState },
    { name: 'currentState', heading: 'CURRENT', as: 'state', of: (row) => last(row)?.lastKnownState },
    { name: 'currentSince', as: 'time', of: (row) => last(row)?.lastUpdateTime },
    { name: 'runtime', of: (row) => row.runtime },
    { name: 'lastUpdateTime', as: 'time', of: (row) => row.lastUpdateTime },
    { name: 'databaseId', of: (row) => row.databaseId },
    { name: 'id', of: (row) => row.id },
  ],
};

function last({ serves }: DeploymentRowFragment) {
  return serves.nodes[0];
}
