import type { Plan, PlannedNode } from '../domain/record/plan.ts';
import { describedRow } from '../domain/record/row.ts';
import { typeKey } from '../domain/record/types.ts';
import type { ChangedRow, Row } from '../domain/row.ts';
import type { PutLineageSubgraphRequest } from '../generated/proto/ml_metadata/proto/metadata_store_service.ts';
import type { Work } from './change.ts';

/** The ids of what was planned, in the order of the plan. */
export interface WrittenIds {
  readonly execution: bigint;
  readonly artifacts: readonly bigint[];
  readonly contexts: readonly bigint[];
}

/** A node of a plan as it is to be, with its place in the request where it is written there. */
interface Written extends ChangedRow {
  readonly before: Row | undefined;
  readonly index: number | undefined;
}

/**
 * Writes a plan by one PutLineageSubgraph, or by none where there is nothing to write. Not PutExecution, which would put
 * the artifacts that are named by their ids into the contexts too: a base model into the version that was made of it.
 */
export async function writePlan(work: Work, plan: Plan, typeIds: ReadonlyMap<string, bigint>): Promise<WrittenIds> {
  const isLinked = plan.contexts.length > 0;
  const [execution] = toWritten([plan.execution], typeIds, isLinked);
  const artifacts = toWritten(plan.artifacts, typeIds, isLinked);
  const contexts = toWritten(plan.contexts, typeIds, true);
  if (!execution) throw new RangeError('A plan has no execution.');
  const request: PutLineageSubgraphRequest = {
    executions: rowsOf([execution]),
    artifacts: rowsOf(artifacts),
    contexts: contexts.map((context) => asLinked(context, isReusing(contexts))),
    eventEdges: plan.events.map((planned) => toEdge(planned, execution, artifacts[planned.artifact])),
    options: { reuseContextIfAlreadyExist: isReusing(contexts) },
  };
  const isEmpty = [request.executions, request.artifacts, request.contexts, request.eventEdges].every(
    ({ length }) => length === 0,
  );
  const put = isEmpty ? NOTHING : await work.rpcs.putLineageSubgraph(request, work.call);
  return {
    execution: idsOf([execution], put.executionIds)[0] ?? 0n,
    artifacts: idsOf(artifacts, put.artifactIds),
    contexts: put.contextIds,
  };
}

const NOTHING = { executionIds: [], artifactIds: [], contextIds: [] };

/** What is not changed is written only to be linked to contexts, and never where it is named by its id. */
function toWritten(
  nodes: readonly PlannedNode[],
  typeIds: ReadonlyMap<string, bigint>,
  isLinked: boolean,
): readonly Written[] {
  let count = 0;
  return nodes.map(({ before, described }) => {
    const [first] = described;
    const type = { type: first?.type, typeId: first && typeIds.get(typeKey(first)) };
    const changed = describedRow(before, type, described);
    const isWritten = !before || changed.mask.length > 0 || (isLinked && first !== undefined);
    return { ...changed, before, index: isWritten ? count++ : undefined };
  });
}

function rowsOf(nodes: readonly Written[]): Row[] {
  return nodes.flatMap(({ row, index }) => (index === undefined ? [] : [row]));
}

/**
 * Whether contexts that are there are named by their type and name, and so left as they are. Not where a new one has
 * values: one that another makes of its name meanwhile would be taken for it, without them.
 */
function isReusing(contexts: readonly Written[]): boolean {
  return !contexts.some(({ before, mask }) => !before && mask.some((path) => path !== 'name'));
}

function asLinked({ row, before, mask }: Written, reusing: boolean): Row {
  if (!before || mask.length > 0 || !reusing) return row;
  return { typeId: row.typeId, name: row.name, properties: new Map(), customProperties: new Map() };
}

function toEdge(
  { event: { type, time, path } }: Plan['events'][number],
  execution: Written,
  artifact: Written | undefined,
): PutLineageSubgraphRequest['eventEdges'][number] {
  const steps = path && [{ key: path.key }, { index: path.index }];
  return {
    executionIndex: execution.index,
    artifactIndex: artifact?.index,
    event: {
      type,
      millisecondsSinceEpoch: time,
      path: steps && { steps },
      executionId: execution.index === undefined ? execution.before?.id : undefined,
      artifactId: artifact?.index === undefined ? artifact?.before?.id : undefined,
    },
  };
}

function idsOf(nodes: readonly Written[], put: readonly bigint[]): readonly bigint[] {
  return nodes.map(({ before, index }) => (index === undefined ? before?.id : put[index]) ?? 0n);
}
