import { nested, nestedArtifacts } from './registry-lists.ts';

const of = { of: 'artifactsOfContexts' } as const;

/** The lists of artifacts that versions and runs have alike. */
export const MEMBERS = {
  artifacts: nestedArtifacts,
  modelArtifacts: nested('ModelArtifact', of),
  docArtifacts: nested('DocArtifact', of),
  dataSets: nested('DataSet', of),
  metrics: nested('Metric', of),
  parameters: nested('Parameter', of),
};
