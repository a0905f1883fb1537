import type { GetVersionQuery, VersionDetailFragment, VersionRowFragment } from '../../generated/cli-operations.ts';
import type { Field, Noun } from '../output/field.ts';

/** A version of a model in a list. */
export const version: Noun<VersionRowFragment> = {
  singular: 'version',
  plural: 'versions',
  ref: ({ registeredModel, name }) => `version:${registeredModel?.name ?? ''}/${name}`,
  fields: [
    { name: 'databaseId', heading: 'ID', as: 'number', of: (row) => row.databaseId },
    { name: 'model', heading: 'MODEL', as: 'path', of: (row) => row.registeredModel?.name },
    { name: 'name', heading: 'VERSION', as: 'name', of: (row) => row.name },
    { name: 'state', heading: 'STATE', as: 'state', of: (row) => row.state },
    { name: 'author', heading: 'AUTHOR', of: (row) => row.author },
    { name: 'createTime', heading: 'CREATED', as: 'time', of: (row) => row.createTime },
    { name: 'lastUpdateTime', as: 'time', of: (row) => row.lastUpdateTime },
    { name: 'id', of: (row) => row.id },
  ],
};

/** A version with all that is known of it. */
export const versionInFull: Noun<VersionDetailFragment> = {
  ...version,
  fields: [
    ...version.fields,
    { name: 'externalId', of: (row) => row.externalId },
    { name: 'description', of: (row) => row.description },
    { name: 'customProperties', of: (row) => row.customPropertyMap },
  ],
};

type Service = NonNullable<GetVersionQuery['modelVersion']>['inferenceServices']['nodes'][number];

/** A service that is to serve a version, where the version is told. */
export const serviceOfVersion: readonly Field<Service>[] = [
  { name: 'environment', heading: 'ENVIRONMENT', as: 'name', of: (row) => row.servingEnvironment?.name },
  { name: 'service', heading: 'SERVICE', of: (row) => row.name },
  { name: 'desiredState', heading: 'DESIRED', as: 'state', of: (row) => row.desiredState },
  { name: 'currentState', heading: 'CURRENT', as: 'state', of: (row) => row.serves.nodes[0]?.lastKnownState },
];
