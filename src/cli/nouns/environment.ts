import type { EnvironmentRowFragment, GetEnvironmentQuery } from '../../generated/cli-operations.ts';
import type { Noun } from '../output/field.ts';

/** A serving environment in a list. */
export const environment: Noun<EnvironmentRowFragment> = {
  singular: 'environment',
  plural: 'environments',
  ref: ({ name }) => `environment:${name}`,
  fields: [
    { name: 'databaseId', heading: 'ID', as: 'number', of: (row) => row.databaseId },
    { name: 'name', heading: 'NAME', as: 'name', of: (row) => row.name },
    { name: 'services', heading: 'SERVICES', as: 'number', of: (row) => row.inferenceServices.totalCount },
    { name: 'description', heading: 'DESCRIPTION', of: (row) => row.description },
    { name: 'lastUpdateTime', heading: 'CHANGED', as: 'time', of: (row) => row.lastUpdateTime },
    { name: 'createTime', as: 'time', of: (row) => row.createTime },
    { name: 'id', of: (row) => row.id },
  ],
};

/** A serving environment with all that is known of it. */
export const environmentInFull: Noun<NonNullable<GetEnvironmentQuery['servingEnvironment']>> = {
  ...environment,
  fields: [
    ...environment.fields,
    { name: 'externalId', of: (row) => row.externalId },
    { name: 'customProperties', of: (row) => row.customPropertyMap },
  ],
};
