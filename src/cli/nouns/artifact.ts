import type { ArtifactDetailFragment, ArtifactRowFragment } from '../../generated/cli-operations.ts';
import type { Noun } from '../output/field.ts';

/** What the command line calls the kinds, and what the gateway does. */
export const ARTIFACT_KINDS = {
  model: { filter: 'MODEL', typename: 'ModelArtifact' },
  doc: { filter: 'DOC', typename: 'DocArtifact' },
  dataset: { filter: 'DATA_SET', typename: 'DataSet' },
  metric: { filter: 'METRIC', typename: 'Metric' },
  parameter: { filter: 'PARAMETER', typename: 'Parameter' },
} as const;

/** One of ARTIFACT_KINDS. */
export type ArtifactKind = keyof typeof ARTIFACT_KINDS;

/** An artifact of a version or run in a list. */
export const artifact: Noun<ArtifactRowFragment> = {
  singular: 'artifact',
  plural: 'artifacts',
  ref: ({ databaseId }) => `artifact:${databaseId}`,
  fields: [
    { name: 'databaseId', heading: 'ID', as: 'number', of: (row) => row.databaseId },
    { name: 'kind', heading: 'KIND', of: kindOf },
    { name: 'name', heading: 'NAME', as: 'name', of: (row) => row.name },
    { name: 'value', heading: 'VALUE', of: numberOrText },
    { name: 'uri', heading: 'URI', as: 'path', of: (row) => ('uri' in row ? row.uri : null) },
    { name: 'state', heading: 'STATE', as: 'state', of: (row) => row.state },
    { name: 'step', of: (row) => (row.__typename === 'Metric' ? row.step : null) },
    { name: 'createTime', as: 'time', of: (row) => row.createTime },
    { name: 'lastUpdateTime', as: 'time', of: (row) => row.lastUpdateTime },
    { name: 'id', of: (row) => row.id },
  ],
};

/** An artifact with all that is known of it. */
export const artifactInFull: Noun<ArtifactDetailFragment> = {
  ...artifact,
  fields: [
    ...artifact.fields,
    { name: 'externalId', of: (row) => row.externalId },
    { name: 'description', of: (row) => row.description },
    { name: 'customProperties', of: (row) => row.customPropertyMap },
  ],
};

function kindOf({ __typename }: ArtifactRowFragment): string {
  return Object.entries(ARTIFACT_KINDS).find(([, { typename }]) => typename === __typename)?.[0] ?? __typename;
}

function numberOrText(row: ArtifactRowFragment): number | string | null {
  if (row.__typename === 'Metric') return row.number;
  return row.__typename === 'Parameter' ? row.text : null;
}
