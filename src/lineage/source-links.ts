import type { Context } from '../context.ts';
import { OUTPUT_TYPES } from '../domain/event.ts';
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

/** From the steps of a run to the run, and from there to the registered model artifacts that name it as their source. */
export async function sourceLinks(context: Context, level: Level): Links {
  const { asked, contexts, registeredAbove } = level;
  const runs = (wanted: (node: Level['contexts'][number]) => boolean) =>
    contexts.filter(wanted).map((each) => each.context);
  return inTurn([
    () => runsOfArtifacts(context, registeredAbove),
    // A start stands for all that is in it anyway.
    () =>
      stepsOfRuns(
        context,
        runs(({ up, isStart }) => up && !isStart),
      ),
    () =>
      artifactsOfRuns(
        context,
        runs(({ down }) => down),
      ),
    () => runsOfSteps(context, idsAsked(asked, 'Execution', 'down')),
  ]);
}

async function runsOfArtifacts(context: Context, registered: readonly Artifact[]): Links {
  const { walk } = context.loaders;
  const artifacts = registered.filter(({ type }) => type === MODEL_ARTIFACT);
  const names = artifacts.flatMap(({ properties }) => sourceRunOf(properties) ?? []);
  if (names.length === 0) return [];
  const [named, byId] = await Promise.all([
    walk.contextsNamed([...RUN_TYPES, REGISTRY_RUN], names),
    load(context, names.flatMap(toId)),
  ]);
  return madeIn(artifacts, await registeredOf(context, [...named, ...byId], (run) => run));
}

/** The id that a name may be. */
function toId(name: string): bigint[] {
  return /^\d{1,19}$/.test(name) && BigInt(name) <= MAX_ID ? [BigInt(name)] : [];
}

/** The greatest id that there can be. */
const MAX_ID = 2n ** 63n - 1n;

async function stepsOfRuns(context: Context, contexts: readonly ContextMessage[]): Links {
  const ids = [...(await onlySources(context, contexts.filter(isOfPipeline)))];
  const steps = await membersOf(context, 'executionsOfContexts', ids);
  return steps.map(({ key, node }) => stepOf(node.id ?? 0n, key));
}

/**
 * The ids of those runs that are all that is known of how some artifact was made. Where an event, or the file, tells more,
 * the steps of its run are no answer: those that evaluate or push the artifact are among them.
 */
async function onlySources(context: Context, runs: readonly ContextMessage[]): Promise<ReadonlySet<bigint>> {
  const links = await artifactsOfRuns(context, runs);
  const ids = [...new Set(links.map(({ to }) => to.id))];
  if (ids.length === 0) return new Set();
  const { walk, artifact } = context.loaders;
  const [events, artifacts] = await Promise.all([
    walk.eventsOfArtifacts(ids),
    Promise.all(ids.map((id) => artifact.load(id))),
  ]);
  const files = await fileLinksOf(
    context,
    artifacts.filter((each) => each !== null),
  );
  const told = new Set([
    ...events.flatMap(({ type, artifactId }) => (OUTPUT_TYPES.has(type) ? [artifactId ?? 0n] : [])),
    ...files.map(({ to }) => to.id),
  ]);
  return new Set(links.flatMap(({ from, to }) => (told.has(to.id) ? [] : [from.id])));
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

/** Only of runs that are all that is known of some artifact: all others are contexts like any other. */
async function runsOfSteps(context: Context, ids: readonly bigint[]): Links {
  const { walk, contextsOfExecution } = context.loaders;
  if (ids.length === 0 || !(await walk.hasSources())) return [];
  const memberships = await Promise.all(
    ids.map(async (id) => (await contextsOfExecution.load(id)).map((contextId) => ({ id, contextId }))),
  );
  const runs = await load(context, [...new Set(memberships.flat().map(({ contextId }) => contextId))]);
  const sources = await onlySources(context, runs.filter(isOfPipeline));
  return memberships.flat().flatMap(({ id, contextId }) => (sources.has(contextId) ? [stepOf(id, contextId)] : []));
}

async function load({ loaders }: Context, ids: readonly bigint[]): Promise<readonly ContextMessage[]> {
  return (await Promise.all(ids.map((id) => loaders.context.load(id)))).filter((each) => each !== null);
}

function stepOf(execution: bigint, run: bigint): Link {
  return {
    from: { type: 'Execution', id: execution },
    to: { type: 'Context', id: run },
    kind: 'STEP_OF',
    derivedFrom: 'MODEL_SOURCE',
  };
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
