import type { Context } from '../context.ts';
import { OUTPUT_TYPES } from '../domain/event.ts';
import { MAX_ID } from '../domain/ids.ts';
import type { Link } from '../domain/lineage/graph.ts';
import {
  REGISTRY_RUN,
  RUN_TYPES,
  SOURCE_PROPERTIES,
  sourceNamesOf,
  sourceRunOf,
} from '../domain/lineage/model-source.ts';
import { REGISTRY_KINDS } from '../domain/registry-kinds.ts';
import type { Artifact, Context as ContextMessage } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import { idsAsked, inTurn, type Level, type Links, registeredOf } from './asked.ts';
import { fileLinksOf } from './file-links.ts';
import { membersOf } from './members.ts';

const MODEL_ARTIFACT = REGISTRY_KINDS.ModelArtifact.type;

/** From a run to the registered model artifacts that name it as their source, and, where need be, from its steps. */
export async function sourceLinks(context: Context, { asked, contexts, registeredAbove }: Level): Links {
  const runs = contexts.filter(({ down }) => down).map((each) => each.context);
  return inTurn([
    () => aboveArtifacts(context, registeredAbove),
    () => artifactsOfRuns(context, runs),
    () => belowSteps(context, idsAsked(asked, 'Execution', 'down')),
  ]);
}

async function aboveArtifacts(context: Context, registered: readonly Artifact[]): Links {
  const { walk } = context.loaders;
  const artifacts = registered.filter(({ type }) => type === MODEL_ARTIFACT);
  const names = artifacts.flatMap(({ properties }) => sourceRunOf(properties) ?? []);
  if (names.length === 0) return [];
  const [named, byId] = await Promise.all([
    walk.contextsNamed([...RUN_TYPES, REGISTRY_RUN], names),
    load(context, names.flatMap(toId)),
  ]);
  const runs = await registeredOf(context, [...named, ...byId], (run) => run);
  const links = madeIn(artifacts, runs);
  const untold = await untoldOf(context, links, runs.filter(isOfPipeline));
  const steps = await membersOf(context, 'executionsOfContexts', [...new Set(untold.map(({ from }) => from.id))]);
  return [
    ...links,
    ...stepsOf(
      steps.map(({ key, node }) => ({ id: node.id ?? 0n, contextId: key })),
      untold,
    ),
  ];
}

/** The id that a name may be. */
function toId(name: string): bigint[] {
  return /^\d{1,19}$/.test(name) && BigInt(name) <= MAX_ID ? [BigInt(name)] : [];
}

/**
 * Those of the links whose run is all that is known of how the artifact was made. Where an event, or the file, tells more,
 * the steps of its run are no answer: those that evaluate or push the artifact are among them.
 */
async function untoldOf(context: Context, links: readonly Link[], runs: readonly ContextMessage[]): Links {
  const ids = new Set(runs.map(({ id = 0n }) => id));
  const open = links.filter(({ from }) => ids.has(from.id));
  const artifactIds = [...new Set(open.map(({ to }) => to.id))];
  if (artifactIds.length === 0) return [];
  const { walk, artifact } = context.loaders;
  const [events, artifacts] = await Promise.all([
    walk.eventsOfArtifacts(artifactIds),
    Promise.all(artifactIds.map((id) => artifact.load(id))),
  ]);
  const files = await fileLinksOf(
    context,
    artifacts.filter((each) => each !== null),
  );
  const told = new Set([
    ...events.flatMap(({ type, artifactId }) => (OUTPUT_TYPES.has(type) ? [artifactId ?? 0n] : [])),
    ...files.map(({ to }) => to.id),
  ]);
  return open.filter(({ to }) => !told.has(to.id));
}

async function artifactsOfRuns({ loaders: { walk } }: Context, runs: readonly ContextMessage[]): Links {
  const names = runs.flatMap(sourceNamesOf);
  const found = await Promise.all(
    SOURCE_PROPERTIES.map((property) => walk.artifactsByText(MODEL_ARTIFACT, property, names, SOURCE_PROPERTIES)),
  );
  return madeIn(found.flat(), runs);
}

function isOfPipeline({ type = '' }: ContextMessage): boolean {
  return (RUN_TYPES as readonly string[]).includes(type);
}

async function belowSteps(context: Context, ids: readonly bigint[]): Links {
  const { walk, contextsOfExecution } = context.loaders;
  if (ids.length === 0 || !(await walk.hasSources())) return [];
  const memberships = await Promise.all(
    ids.map(async (id) => (await contextsOfExecution.load(id)).map((contextId) => ({ id, contextId }))),
  );
  const steps = memberships.flat();
  const runs = (await load(context, [...new Set(steps.map(({ contextId }) => contextId))])).filter(isOfPipeline);
  return stepsOf(steps, await untoldOf(context, await artifactsOfRuns(context, runs), runs));
}

/** From the executions of runs to the artifacts that are known by nothing but their run. */
function stepsOf(
  steps: readonly { readonly id: bigint; readonly contextId: bigint }[],
  untold: readonly Link[],
): readonly Link[] {
  const byRun = Map.groupBy(untold, ({ from }) => from.id);
  return steps.flatMap(({ id, contextId }) =>
    (byRun.get(contextId) ?? []).map(
      ({ to }): Link => ({ from: { type: 'Execution', id }, to, kind: 'STEP_OF', derivedFrom: 'MODEL_SOURCE' }),
    ),
  );
}

async function load({ loaders }: Context, ids: readonly bigint[]): Promise<readonly ContextMessage[]> {
  return (await Promise.all(ids.map((id) => loaders.context.load(id)))).filter((each) => each !== null);
}

function madeIn(artifacts: readonly Artifact[], runs: readonly ContextMessage[]): readonly Link[] {
  const named = runs.flatMap((run) => sourceNamesOf(run).map((name) => ({ name, id: run.id ?? 0n })));
  const byName = Map.groupBy(named, ({ name }) => name);
  return artifacts.flatMap(({ id = 0n, properties }) =>
    (byName.get(sourceRunOf(properties) ?? '') ?? []).map(
      (run): Link => ({
        from: { type: 'Context', id: run.id },
        to: { type: 'Artifact', id },
        kind: 'MADE_IN',
        derivedFrom: 'MODEL_SOURCE',
      }),
    ),
  );
}
