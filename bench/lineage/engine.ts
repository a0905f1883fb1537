import { LineageSubgraphQueryOptions_Direction as Direction } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import {
  GetArtifactsByIDResponse,
  GetExecutionsByIDResponse,
  GetLineageSubgraphResponse,
} from '../../src/generated/proto/ml_metadata/proto/metadata_store_service.ts';
import type { EnginePipe, TimedAnswer } from '../../test/reference/engine-pipe.ts';
import { encodeRequest } from '../store/sides.ts';
import { linkOf, type PlainLineage, plainNode, toPlain } from './plain.ts';

/** What the engine answers to the calls that make a closure with full nodes, in bytes. */
export interface EngineLineage {
  readonly subgraph: TimedAnswer;
  readonly artifacts: TimedAnswer;
  readonly executions: TimedAnswer;
}

/** The calls of {@link engineClosure}: there are no contexts in a closure, so three of the four are enough. */
export const ENGINE_CALLS = 3;

/** The closure upstream by the engine's own calls: the ids and events, then the nodes by id. */
export async function engineClosure(engine: EnginePipe, artifactId: bigint): Promise<EngineLineage> {
  const subgraph = await engine.timed(
    'getLineageSubgraph',
    encodeRequest('getLineageSubgraph', {
      lineageSubgraphQueryOptions: {
        startingArtifacts: { filterQuery: `id = ${artifactId}` },
        direction: Direction.UPSTREAM,
        maxNumHops: 100n,
      },
      readMask: ['artifacts', 'executions', 'events'],
    }),
  );
  const { artifacts, executions } = graphIn(subgraph);
  const artifactIds = artifacts.map(({ id = 0n }) => id);
  const executionIds = executions.map(({ id = 0n }) => id);
  return {
    subgraph,
    artifacts: await engine.timed('getArtifactsById', encodeRequest('getArtifactsById', { artifactIds })),
    executions: await engine.timed('getExecutionsById', encodeRequest('getExecutionsById', { executionIds })),
  };
}

function graphIn({ bytes }: TimedAnswer) {
  const { lineageSubgraph } = GetLineageSubgraphResponse.decode(bytes);
  if (!lineageSubgraph) throw new Error('the engine gives no subgraph');
  return lineageSubgraph;
}

/** The closure as it is compared. */
export function plainEngine({ subgraph, artifacts, executions }: EngineLineage): PlainLineage {
  return toPlain(
    [
      ...GetArtifactsByIDResponse.decode(artifacts.bytes).artifacts.map((node) => plainNode('Artifact', node)),
      ...GetExecutionsByIDResponse.decode(executions.bytes).executions.map((node) => plainNode('Execution', node)),
    ],
    graphIn(subgraph).events.map(linkOf),
  );
}
