import type { Context } from '../context.ts';
import { keyOf, type Link, type NodeRef } from '../domain/lineage/graph.ts';
import { trainingAmong } from '../domain/lineage/training.ts';
import { codeIn, type NamedJson, numbersIn, parametersIn } from '../domain/lineage/values.ts';
import { REGISTRY_KINDS } from '../domain/registry-kinds.ts';
import { toOwnName } from '../domain/registry-names.ts';
import { type Artifact, type Execution, Execution_State } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import { createLinkReader } from './links.ts';
import { membersOf } from './members.ts';
import { readTold, type ToldArtifact, type ToldNodes } from './told-nodes.ts';
import { type Completeness, walkPage } from './walk-page.ts';

/** A value, and the node that says so. */
export interface ProvenanceValue extends NamedJson {
  readonly of: NodeRef;
}

/** How a version came to be, in the words of those who train models. */
export interface Provenance {
  readonly trainingExecutions: readonly Execution[];
  readonly parameters: readonly ProvenanceValue[];
  readonly metrics: readonly ProvenanceValue[];
  readonly datasets: readonly NodeRef[];
  readonly code: readonly ProvenanceValue[];
  readonly baseModels: readonly NodeRef[];
  readonly completeness: Completeness;
}

const MODEL_ARTIFACT = REGISTRY_KINDS.ModelArtifact.type;
const METRIC = REGISTRY_KINDS.Metric.type;
const PARAMETER = REGISTRY_KINDS.Parameter.type;

/** Reads how the version with this id came to be from its lineage upstream, of which at most `maxNodes` are looked at. */
export async function provenanceOf(request: Context, versionId: bigint, maxNodes?: number | null): Promise<Provenance> {
  const context = request.watched();
  const of = [`context:${versionId}`];
  const { nodes, edges, completeness } = await walkPage(
    context,
    { of, maxNodes },
    { up: true, down: false, question: 'provenance' },
  );
  const told = await readTold(context, nodes);
  const version: NodeRef = { type: 'Context', id: versionId };
  const own = told.artifacts.filter(
    ({ ref, artifact }) => artifact.type === MODEL_ARTIFACT && isPart(edges, ref, version),
  );
  const training = trainingAmong(edges, refsOf(own), {
    ran: (ref) => ranItself(told.executions.get(keyOf(ref))),
    trains: (ref) => told.trains.has(keyOf(ref)),
    isModel: (ref) => told.byKey.get(keyOf(ref))?.role === 'model',
  });
  const holders = holdersOf(version, own, edges);
  const readByTraining = inputsOf(training, edges);
  const isOfTraining = (ref: NodeRef) => readByTraining.has(keyOf(ref)) || isPart(edges, ref, version);
  const executions = training.flatMap((ref) => told.executions.get(keyOf(ref)) ?? []);
  return {
    trainingExecutions: executions,
    parameters: [
      ...registeredParameters(told.artifacts.filter(({ ref }) => holders.some((each) => isPart(edges, ref, each)))),
      ...executions.flatMap((each) => valuesOf(each, parametersIn)),
    ],
    metrics: await metricsOf(context, versionId, training),
    datasets: refsOf(told.artifacts.filter(({ role }) => role === 'dataset')),
    code: [
      ...codeArtifacts(told.artifacts.filter(({ ref }) => isOfTraining(ref))),
      ...executions.flatMap((each) => valuesOf(each, codeIn)),
    ],
    baseModels: baseModels(told, own, readByTraining),
    // Nothing takes the cursor: provenance is no page.
    completeness: { ...completeness, cursor: null, withheld: context.withheld() },
  };
}

/** Whether the execution did its work: not where an earlier one's outputs were taken, nor where it broke off. */
function ranItself(execution: Execution | undefined): boolean {
  const { CACHED, FAILED, CANCELED } = Execution_State;
  return ![CACHED, FAILED, CANCELED].some((state) => state === execution?.lastKnownState);
}

function isPart(edges: readonly Link[], part: NodeRef, whole: NodeRef): boolean {
  return edges.some(
    ({ from, to, kind }) => kind === 'PART_OF' && keyOf(from) === keyOf(part) && keyOf(to) === keyOf(whole),
  );
}

/** What the parameters are to be those of: the version, and the runs that its own artifacts come from. */
function holdersOf(version: NodeRef, own: readonly ToldArtifact[], edges: readonly Link[]): readonly NodeRef[] {
  const mine = new Set(refsOf(own).map(keyOf));
  return [version, ...edges.flatMap(({ from, to }) => (from.type === 'Context' && mine.has(keyOf(to)) ? [from] : []))];
}

function refsOf(artifacts: readonly ToldArtifact[]): readonly NodeRef[] {
  return artifacts.map(({ ref }) => ref);
}

function registeredParameters(artifacts: readonly ToldArtifact[]): readonly ProvenanceValue[] {
  return artifacts
    .filter(({ artifact }) => artifact.type === PARAMETER)
    .map(({ ref, artifact }) => ({
      name: toOwnName('Parameter', artifact.name) ?? '',
      value: artifact.properties.get('value')?.stringValue ?? null,
      of: ref,
    }));
}

function valuesOf(execution: Execution, values: (node: Execution) => readonly NamedJson[]): readonly ProvenanceValue[] {
  return values(execution).map((value) => ({ ...value, of: { type: 'Execution', id: execution.id ?? 0n } as const }));
}

/** The version's own metrics, and what pipelines measured where they trained it. */
async function metricsOf(
  context: Context,
  versionId: bigint,
  training: readonly NodeRef[],
): Promise<readonly ProvenanceValue[]> {
  const asked = training.map((ref) => ({ ...ref, up: false, down: true }));
  const [registered, written] = await Promise.all([
    membersOf(context, 'artifactsOfContexts', [versionId], { types: [METRIC] }),
    createLinkReader(context)(asked),
  ]);
  const measured = await readTold(context, [
    ...registered.map(({ node }) => ({ type: 'Artifact', id: node.id ?? 0n }) as const),
    ...written.filter(({ kind }) => kind === 'OUTPUT').map(({ to }) => to),
  ]);
  return measured.artifacts.flatMap(({ ref, artifact, role }) => {
    if (artifact.type === METRIC) return [{ ...toMetric(artifact), of: ref }];
    return role === 'metrics' ? numbersIn(artifact).map((value) => ({ ...value, of: ref })) : [];
  });
}

function toMetric({ name, properties }: Artifact): NamedJson {
  return { name: toOwnName('Metric', name) ?? '', value: properties.get('value')?.doubleValue ?? null };
}

function codeArtifacts(artifacts: readonly ToldArtifact[]): readonly ProvenanceValue[] {
  return artifacts
    .filter(({ role }) => role === 'code')
    .map(({ ref, artifact: { name, uri } }) => ({ name: name ?? 'code', value: uri ?? null, of: ref }));
}

/** Models that the training read, such as one that was tuned further, or a teacher. */
function baseModels(
  { artifacts }: ToldNodes,
  own: readonly ToldArtifact[],
  readByTraining: ReadonlySet<string>,
): readonly NodeRef[] {
  const mine = new Set(refsOf(own).map(keyOf));
  const isBase = ({ ref, role }: ToldArtifact) =>
    role === 'model' && readByTraining.has(keyOf(ref)) && !mine.has(keyOf(ref));
  return refsOf(artifacts.filter(isBase));
}

/** What these executions read, by their keys. */
function inputsOf(executions: readonly NodeRef[], edges: readonly Link[]): ReadonlySet<string> {
  const keys = new Set(executions.map(keyOf));
  return new Set(edges.flatMap(({ from, to, kind }) => (kind === 'INPUT' && keys.has(keyOf(to)) ? [keyOf(from)] : [])));
}
