import type { ModelDetailFragment, ModelRowFragment, VersionOfModelFragment } from '../../generated/cli-operations.ts';
import { type Field, type Noun, plainFields } from '../output/field.ts';

/** A registered model in a list. */
export const model: Noun<ModelRowFragment> = {
  singular: 'model',
  plural: 'models',
  ref: ({ name }) => `model:${name}`,
  fields: [
    { name: 'databaseId', heading: 'ID', as: 'number', of: (row) => row.databaseId },
    { name: 'name', heading: 'NAME', as: 'name', of: (row) => row.name },
    { name: 'latestVersion', heading: 'LATEST', of: (row) => row.latestVersion?.name },
    { name: 'owner', heading: 'OWNER', of: (row) => row.owner },
    { name: 'state', heading: 'STATE', as: 'state', of: (row) => row.state },
    { name: 'lastUpdateTime', heading: 'CHANGED', as: 'time', of: (row) => row.lastUpdateTime },
    { name: 'createTime', as: 'time', of: (row) => row.createTime },
    { name: 'id', of: (row) => row.id },
  ],
};

/** A registered model with all that is known of it. */
export const modelInFull: Noun<ModelDetailFragment> = {
  ...model,
  fields: [
    ...model.fields,
    ...plainFields<ModelDetailFragment>(
      'externalId',
      'description',
      'provider',
      'maturity',
      'license',
      'libraryName',
      'language',
      'tasks',
    ),
    { name: 'customProperties', of: (row) => row.customPropertyMap },
  ],
};

/** A version where its model is told. */
export const versionOfModel: readonly Field<VersionOfModelFragment>[] = [
  { name: 'databaseId', heading: 'ID', as: 'number', of: (row) => row.databaseId },
  { name: 'name', heading: 'VERSION', as: 'name', of: (row) => row.name },
  { name: 'state', heading: 'STATE', as: 'state', of: (row) => row.state },
  { name: 'author', heading: 'AUTHOR', of: (row) => row.author },
  { name: 'createTime', heading: 'CREATED', as: 'time', of: (row) => row.createTime },
];
