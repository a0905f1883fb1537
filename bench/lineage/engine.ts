import { LineageSubgraphQueryOptions_Direction as Direction } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import {
  GetArtifactsByIDResponse,
  GetExecutionsByIDResponse,
  GetLineageSubgraphResponse,
} from '../../src/generated/proto/ml_metadata/proto/metadata_store_service.ts';
import type { EnginePipe, TimedCall } from '../../test/reference/engine-pipe.ts';
import { answerOf, encodeRequest, engineSide } from '../store/sides.ts';
import { linkOf, type PlainLineage, plainNode, toPlain } from './plain.ts';

/** The engine's own calls for a closure with full nodes. */
export interface EngineClosure {
  /** There are no contexts in a closure, so three of the four are enough. */
  readonly calls: readonly TimedCall[];
  /** The closure as it is compared. */
  readonly plain: PlainLineage;
}

/** What the engine took for a closure, in milliseconds: what decodes the ids between the calls is not in it. */
export interface EngineCost {
  readonly wall: number;
  readonly cpu: number;
}

/** Finds out which calls make the closure upstream: the ids and events, then the nodes by id. */
export async function engineClosure(engine: EnginePipe, artifactId: bigint): Promise<EngineClosure> {
  const side = engineSide(engine);
  const subgraph = {
    rpc: 'getLineageSubgraph',
    request: encodeRequest('getLineageSubgraph', {
      lineageSubgraphQueryOptions: {
        startingArtifacts: { filterQuery: `id = ${artifactId}` },
        direction: Direction.UPSTREAM,
        maxNumHops: 100n,
      },
      readMask: ['artifacts', 'executions', 'events'],
    }),
  } as const;
  const { lineageSubgraph: graph } = GetLineageSubgraphResponse.decode((await answerOf(side, subgraph)).bytes);
  if (!graph) throw new Error('the engine gives no subgraph');
  const artifactIds = graph.artifacts.map(({ id = 0n }) => id);
  const executionIds = graph.executions.map(({ id = 0n }) => id);
  const artifacts = { rpc: 'getArtifactsById', request: encodeRequest('getArtifactsById', { artifactIds }) } as const;
  const executions = {
    rpc: 'getExecutionsById',
    request: encodeRequest('getExecutionsById', { executionIds }),
  } as const;
  const found = {
    artifacts: GetArtifactsByIDResponse.decode((await answerOf(side, artifacts)).bytes).artifacts,
    executions: GetExecutionsByIDResponse.decode((await answerOf(side, executions)).bytes).executions,
  };
  return {
    calls: [subgraph, artifacts, executions],
    plain: toPlain(
      [
        ...found.artifacts.map((node) => plainNode('Artifact', node)),
        ...found.executions.map((node) => plainNode('Execution', node)),
      ],
      graph.events.map(linkOf),
    ),
  };
}

/** Makes the calls so many times, without a pause: an engine that sleeps before a small one takes twice as long for it. */
export async function repeatCalls(engine: EnginePipe, calls: readonly TimedCall[], count: number): Promise<EngineCost> {
  let [wall, cpu] = [0, 0];
  for await (const answer of engine.timed(Array.from({ length: count }, () => calls).flat())) {
    wall += answer.milliseconds / count;
    cpu += answer.cpu / count;
  }
  return { wall, cpu };
}
