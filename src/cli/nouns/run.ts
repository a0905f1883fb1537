import type { GetRunQuery, RunRowFragment } from '../../generated/cli-operations.ts';
import type { Noun } from '../output/field.ts';

/** A run of an experiment in a list. */
export const run: Noun<RunRowFragment> = {
  singular: 'run',
  plural: 'runs',
  ref: ({ experiment, name, databaseId }) =>
    name === null ? `run:${databaseId}` : `run:${experiment?.name ?? ''}/${name}`,
  fields: [
    { name: 'databaseId', heading: 'ID', as: 'number', of: (row) => row.databaseId },
    { name: 'experiment', heading: 'EXPERIMENT', as: 'path', of: (row) => row.experiment?.name },
    { name: 'name', heading: 'RUN', as: 'name', of: (row) => row.name },
    { name: 'status', heading: 'STATUS', as: 'state', of: (row) => row.status },
    { name: 'owner', heading: 'OWNER', of: (row) => row.owner },
    { name: 'startTime', heading: 'STARTED', as: 'time', of: (row) => row.startTime },
    { name: 'endTime', as: 'time', of: (row) => row.endTime },
    { name: 'state', as: 'state', of: (row) => row.state },
    { name: 'createTime', as: 'time', of: (row) => row.createTime },
    { name: 'lastUpdateTime', as: 'time', of: (row) => row.lastUpdateTime },
    { name: 'id', of: (row) => row.id },
  ],
};

/** A run with all that is known of it. */
export const runInFull: Noun<NonNullable<GetRunQuery['experimentRun']>> = {
  ...run,
  fields: [
    ...run.fields,
    { name: 'externalId', of: (row) => row.externalId },
    { name: 'description', of: (row) => row.description },
    { name: 'customProperties', of: (row) => row.customPropertyMap },
  ],
};
