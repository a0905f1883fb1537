import type { ExperimentRowFragment, GetExperimentQuery } from '../../generated/cli-operations.ts';
import type { Noun } from '../output/field.ts';

/** An experiment in a list. */
export const experiment: Noun<ExperimentRowFragment> = {
  singular: 'experiment',
  plural: 'experiments',
  ref: ({ name }) => `experiment:${name}`,
  fields: [
    { name: 'databaseId', heading: 'ID', as: 'number', of: (row) => row.databaseId },
    { name: 'name', heading: 'NAME', as: 'name', of: (row) => row.name },
    { name: 'owner', heading: 'OWNER', of: (row) => row.owner },
    { name: 'state', heading: 'STATE', as: 'state', of: (row) => row.state },
    { name: 'lastUpdateTime', heading: 'CHANGED', as: 'time', of: (row) => row.lastUpdateTime },
    { name: 'createTime', as: 'time', of: (row) => row.createTime },
    { name: 'id', of: (row) => row.id },
  ],
};

/** An experiment with all that is known of it. */
export const experimentInFull: Noun<NonNullable<GetExperimentQuery['experiment']>> = {
  ...experiment,
  fields: [
    ...experiment.fields,
    { name: 'externalId', of: (row) => row.externalId },
    { name: 'description', of: (row) => row.description },
    { name: 'customProperties', of: (row) => row.customPropertyMap },
  ],
};
