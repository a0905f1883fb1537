import type { Permission, Resource } from '../../src/auth/permission.ts';
import type { MountedApi } from '../../src/rest/routes.ts';
import type { SampleIds } from './matrix-operations.ts';

/** A request of a route, before anyone makes it. */
export interface MatrixRoute {
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly body: object | undefined;
  /** The rights without which it is a 403. */
  readonly needs: readonly Permission[];
  /** The right without which it is the 404 of a missing node. */
  readonly sees?: Permission | undefined;
}

/** What the words of a path name: each noun as the type whose sample stands in the place of its id. */
const NOUNS: Readonly<Record<string, readonly [type: string, resource: Resource]>> = {
  artifact: ['ModelArtifact', 'artifacts'],
  model_artifact: ['ModelArtifact', 'artifacts'],
  registered_model: ['RegisteredModel', 'registeredmodels'],
  model: ['RegisteredModel', 'registeredmodels'],
  model_version: ['ModelVersion', 'modelversions'],
  version: ['ModelVersion', 'modelversions'],
  experiment: ['Experiment', 'experiments'],
  experiment_run: ['ExperimentRun', 'experimentruns'],
  metric_history: ['Metric', 'artifacts'],
  serving_environment: ['ServingEnvironment', 'servingenvironments'],
  inference_service: ['InferenceService', 'inferenceservices'],
  serve: ['ServeModel', 'inferenceservices'],
};

/** An id that nothing has. */
export const MISSING = '99999999';

/** What a new row has to have at least, by the last word of the path; the ids name nothing that is there. */
const BODIES: Readonly<Record<string, object>> = {
  registered_models: { name: 'new' },
  versions: { name: 'new', registeredModelId: MISSING },
  model_versions: { name: 'new', registeredModelId: MISSING },
  experiments: { name: 'new' },
  experiment_runs: { name: 'new', experimentId: MISSING },
  serving_environments: { name: 'new' },
  inference_services: { name: 'new', registeredModelId: MISSING, servingEnvironmentId: MISSING },
  serves: { name: 'new', modelVersionId: MISSING },
};

/** What an artifact has to have, by its kind. */
const VALUES: Readonly<Record<string, object>> = { metric: { value: 1 }, parameter: { value: 'text' } };

const BODY_OF: Readonly<Record<string, (made: object, changed: object) => object>> = {
  POST: (made) => made,
  PATCH: (_made, changed) => changed,
};

/** Paths that find one row by its name or external id. */
const FIND =
  /^\/(artifact|model_artifact|experiment_run|experiment|model_version|registered_model|serving_environment|inference_service)$/;

/** Every route, as one request. What it needs follows from method and path alone. */
export function routeRequests({ api, operations }: MountedApi, samples: SampleIds): readonly MatrixRoute[] {
  return operations.flatMap(({ method, path, constant }) => {
    // They belong to a run or version: whoever posts them alone is told so.
    if (method === 'POST' && path === '/artifacts' && constant && constant.value in VALUES) return [];
    const url = `${api.base}${path.replaceAll(/(\w+)s\/\{\w+\}/g, (_all, noun: string) => `${noun}s/${idOf(noun, samples)}`)}`;
    const kind = constant && { [constant.name]: constant.value };
    const last = path.split('/').at(-1) ?? '';
    const made = BODIES[last] ?? { name: 'new', ...VALUES[constant?.value ?? ''] };
    const query = SPECIAL[path]?.query?.(samples) ?? (FIND.test(path) ? `externalId=${MISSING}` : undefined);
    return {
      name: `${method} ${api.base}${path} ${constant?.value ?? ''}`.trim(),
      method,
      url: query === undefined ? url : `${url}?${query}`,
      body: BODY_OF[method]?.({ ...made, ...kind }, { ...kind, description: 'new' }),
      ...(SPECIAL[path] ?? expected(method, path)),
    };
  });
}

function idOf(noun: string, samples: SampleIds): string {
  return samples.get(NOUNS[noun]?.[0] ?? '')?.databaseId ?? '';
}

function expected(method: string, path: string): Pick<MatrixRoute, 'needs' | 'sees'> {
  const words = path.split('/').filter((word) => word !== '');
  const nouns = words.filter((word) => !word.startsWith('{'));
  const last = nouns.at(-1) ?? '';
  const resource = NOUNS[last]?.[1] ?? NOUNS[last.replace(/s$/, '')]?.[1] ?? 'types';
  if (method === 'POST') return { needs: [{ verb: 'create', resource }] };
  if (method === 'PATCH') return { needs: [{ verb: 'update', resource }] };
  const owner = nouns.length > 1 ? NOUNS[nouns[0]?.replace(/s$/, '') ?? '']?.[1] : undefined;
  const isMany = !words.at(-1)?.startsWith('{') && (last.endsWith('s') || last === 'metric_history');
  if (isMany) return { needs: [{ verb: 'list', resource }], ...(ownerIn(path) && seen(owner)) };
  return owner ? { needs: [{ verb: 'get', resource }], ...seen(owner) } : { needs: [], ...seen(resource) };
}

function ownerIn(path: string): boolean {
  return path.includes('{');
}

function seen(resource: Resource | undefined): Pick<MatrixRoute, 'sees'> {
  return resource ? { sees: { verb: 'get', resource } } : {};
}

const LINEAGE: Permission = { verb: 'get', resource: 'lineage' };

const ofArtifact = (names: readonly string[]) => (samples: SampleIds) =>
  names.map((name) => `${name}=artifact:${samples.get('Artifact')?.databaseId}`).join('&');

/** Routes of our own API, which show more than their path says. */
const SPECIAL: Readonly<
  Record<string, Pick<MatrixRoute, 'needs' | 'sees'> & { readonly query?: (samples: SampleIds) => string }>
> = {
  '/lineage': { needs: [LINEAGE], query: ofArtifact(['of']) },
  '/impact': { needs: [LINEAGE], query: ofArtifact(['of']) },
  '/diff': { needs: [LINEAGE], query: ofArtifact(['a', 'b']), ...seen('artifacts') },
  '/models/{id}': {
    needs: [
      { verb: 'list', resource: 'modelversions' },
      { verb: 'list', resource: 'artifacts' },
      { verb: 'list', resource: 'inferenceservices' },
      { verb: 'get', resource: 'inferenceservices' },
      { verb: 'get', resource: 'servingenvironments' },
    ],
    ...seen('registeredmodels'),
  },
  '/artifacts/{id}/provenance': {
    needs: [
      { verb: 'get', resource: 'types' },
      { verb: 'list', resource: 'executions' },
      { verb: 'list', resource: 'artifacts' },
    ],
    ...seen('artifacts'),
  },
};
