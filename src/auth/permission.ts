/** What may be done. `list` is for pages, `get` for single nodes, which are also what lists and lineage show. */
export const VERBS = ['get', 'list', 'create', 'update', 'archive'] as const;

/** One of {@link VERBS}. */
export type Verb = (typeof VERBS)[number];

/** What it may be done to: the plural nouns of the registry and of MLMD, and the walks over their links. */
export const RESOURCES = [
  'registeredmodels',
  'modelversions',
  'artifacts',
  'executions',
  'contexts',
  'experiments',
  'experimentruns',
  'servingenvironments',
  'inferenceservices',
  'types',
  'lineage',
] as const;

/** One of {@link RESOURCES}. */
export type Resource = (typeof RESOURCES)[number];

/** A right within one registry. */
export interface Permission {
  readonly verb: Verb;
  readonly resource: Resource;
}
