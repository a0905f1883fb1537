/** What may be done. `list` is for pages, `get` for single nodes, which are also what lists and lineage show. */
export const VERBS = ['get', 'list', 'create', 'update', 'archive'] as const;

/** One of {@link VERBS}. */
export type Verb = (typeof VERBS)[number];

/** What it may be done to: the plural nouns of the registry and of MLMD, and the walks over their links; and who did it. */
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
  'auditlog',
] as const;

/** One of {@link RESOURCES}. */
export type Resource = (typeof RESOURCES)[number];

/** Those of them that are nodes, each seen by whom may `get` it. */
export const NODE_RESOURCES = RESOURCES.filter((resource) => !['types', 'lineage', 'auditlog'].includes(resource));

/** A right within one registry. */
export interface Permission {
  readonly verb: Verb;
  readonly resource: Resource;
}

/** True for one of {@link VERBS}. */
export function isVerb(text: string): text is Verb {
  return (VERBS as readonly string[]).includes(text);
}

/** True for one of {@link RESOURCES}. */
export function isResource(text: string): text is Resource {
  return (RESOURCES as readonly string[]).includes(text);
}

/** A right in words, e.g. `list registeredmodels`. */
export function permissionName({ verb, resource }: Permission): string {
  return `${verb} ${resource}`;
}
