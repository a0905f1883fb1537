import {
  describedIn,
  type RecordExecutionInput,
  type RecordedArtifact,
  type Recording,
  readRecording,
} from '../domain/record/execution.ts';
import { type Plan, planOf } from '../domain/record/plan.ts';
import { lackingTypes } from '../domain/record/types.ts';
import { type RegistryNode, registryKindOf } from '../domain/registry-kinds.ts';
import type { Row } from '../domain/row.ts';
import { createMistakes } from '../domain/user-error.ts';
import type { Artifact, Context, Execution } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import { carryOut, type Effect, type Source, type Warning, type Work } from './change.ts';
import { NODE_RPCS } from './node-rpcs.ts';
import { checkRecordKept } from './record-kept.ts';
import { findRecorded } from './record-rows.ts';
import { type WrittenIds, writePlan } from './record-subgraph.ts';
import { putLacking } from './record-types.ts';
import { archivedWarnings, type Told, toldOf } from './row-change.ts';

/** What recording answers; all but what is told is null where there are user errors. */
export interface RecordedExecution extends Told {
  readonly execution: Execution | null;
  readonly inputs: readonly Artifact[] | null;
  readonly outputs: readonly Artifact[] | null;
  readonly contexts: readonly Context[] | null;
  readonly created: boolean | null;
}

/**
 * Records an execution with its artifacts and contexts: the types that they lack, then all of it by one RPC. What is
 * there gets what is said; a call that is repeated changes nothing.
 */
export async function recordExecution(source: Source, input: RecordExecutionInput): Promise<RecordedExecution> {
  const mistakes = createMistakes();
  const recording = readRecording(input, mistakes);
  const { done, userErrors } = await carryOut(source, {
    name: 'recordExecution',
    input,
    found: mistakes.found,
    make: (work) => record(work, recording),
    read: readRecorded,
  });
  const none = { execution: null, inputs: null, outputs: null, contexts: null };
  return { ...(done?.rows ?? none), created: done?.effect.created ?? null, ...toldOf(done?.effect, userErrors) };
}

async function record(work: Work, recording: Recording): Promise<Effect> {
  const found = await findRecorded(work, recording);
  const plan = planOf(recording, found, work.mistakes);
  const lacking = lackingTypes(describedIn(recording), found.types, work.mistakes);
  checkRecordKept(work, plan, found.types);
  work.settle();
  const typeIds = await putLacking(work, found.types, lacking);
  const ids = await writePlan(work, plan, typeIds);
  return {
    ids: toEffectIds(recording, plan, ids),
    warnings: warningsOf(plan),
    conditional: null,
    created: found.execution === undefined,
  };
}

function toEffectIds({ artifacts, contexts }: Recording, { places }: Plan, ids: WrittenIds): Effect['ids'] {
  const of = (side: RecordedArtifact['side']) =>
    artifacts
      .filter((artifact) => artifact.side === side)
      .map((artifact) => String(ids.artifacts[places.get(artifact) ?? 0]));
  return {
    execution: [String(ids.execution)],
    inputs: of('inputs'),
    outputs: of('outputs'),
    contexts: contexts.map((context) => String(ids.contexts[places.get(context) ?? 0])),
  };
}

function warningsOf({ contexts }: Plan): readonly Warning[] {
  return contexts.flatMap(({ before: row }) => {
    const kind = row && registryKindOf(row);
    return kind && row.id !== undefined ? archivedWarnings({ id: row.id, kind, row, parents: [] }) : [];
  });
}

async function readRecorded({ rpcs, call }: Work, { ids }: Effect) {
  const idsOf = (field: string) => (ids[field] ?? []).map(BigInt);
  const read = (node: RegistryNode, ...fields: readonly string[]) => {
    const distinct = [...new Set(fields.flatMap(idsOf))];
    return distinct.length === 0 ? [] : NODE_RPCS[node].byIds(rpcs, distinct, call);
  };
  const [executions, artifacts, contexts] = await Promise.all([
    read('Execution', 'execution'),
    read('Artifact', 'inputs', 'outputs'),
    read('Context', 'contexts'),
  ]);
  return {
    execution: executions[0] ?? null,
    inputs: inOrder(artifacts, idsOf('inputs')),
    outputs: inOrder(artifacts, idsOf('outputs')),
    contexts: inOrder(contexts, idsOf('contexts')),
  };
}

function inOrder(nodes: readonly Row[], ids: readonly bigint[]) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
