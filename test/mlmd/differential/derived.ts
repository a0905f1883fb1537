import type { Context, LineageGraph } from '../../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { RpcRequest } from '../../../src/mlmd/store.ts';
import type { EnginePipe } from '../../reference/engine-pipe.ts';

/** What the C++ engine would have to answer where it answers nothing, from its answers to other RPCs. */
export const DERIVED = {
  async getParentContextsByContexts(engine: EnginePipe, { contextIds }: RpcRequest<'getParentContextsByContexts'>) {
    const family = await familyOf(engine, 'getParentContextsByContext', contextIds);
    return ok({ contexts: new Map(family.map(([id, parentContexts]) => [id, { parentContexts }])) });
  },
  async getChildrenContextsByContexts(engine: EnginePipe, { contextIds }: RpcRequest<'getChildrenContextsByContexts'>) {
    const family = await familyOf(engine, 'getChildrenContextsByContext', contextIds);
    return ok({ contexts: new Map(family.map(([id, childrenContexts]) => [id, { childrenContexts }])) });
  },
  async getLineageGraph(engine: EnginePipe, { options = {} }: RpcRequest<'getLineageGraph'>) {
    const start = await engine.call('getArtifacts', { options: options.artifactsOptions });
    if (!('answer' in start)) return start;
    const ids = start.answer.artifacts.map(({ id }) => id);
    if (ids.length === 0) return { code: 5, message: 'nothing to start from' };
    const { maxNumHops = 20n, boundaryArtifacts, boundaryExecutions } = options.stopConditions ?? {};
    const walked = await engine.call('getLineageSubgraph', {
      lineageSubgraphQueryOptions: {
        startingArtifacts: { filterQuery: `id IN (${ids.join(', ')})` },
        maxNumHops: maxNumHops > 20n ? 20n : maxNumHops,
        ...(boundaryArtifacts && { endingArtifacts: { filterQuery: `NOT (${boundaryArtifacts})` } }),
        ...(boundaryExecutions && { endingExecutions: { filterQuery: `NOT (${boundaryExecutions})` } }),
      },
    });
    if (!('answer' in walked)) return walked;
    return ok({ subgraph: walked.answer.lineageSubgraph && (await whole(engine, walked.answer.lineageSubgraph)) });
  },
};

function ok<Answer>(answer: Answer) {
  return { code: 0 as const, answer };
}

async function familyOf(
  engine: EnginePipe,
  rpc: 'getParentContextsByContext' | 'getChildrenContextsByContext',
  contextIds: readonly bigint[],
): Promise<(readonly [bigint, Context[]])[]> {
  const family: (readonly [bigint, Context[]])[] = [];
  for (const contextId of new Set(contextIds)) {
    const { contexts } = answerOf(await engine.call(rpc, { contextId }));
    if (contexts.length > 0) family.push([contextId, contexts]);
  }
  return family;
}

/** The graph with whole nodes, without contexts and system types, as GetLineageGraph has it. */
async function whole(engine: EnginePipe, graph: LineageGraph): Promise<LineageGraph> {
  const artifactIds = graph.artifacts.map(({ id = 0n }) => id);
  const executionIds = graph.executions.map(({ id = 0n }) => id);
  const isOwn = ({ name }: { readonly name?: string | undefined }) => !name?.startsWith('mlmd.');
  return {
    ...graph,
    artifacts: answerOf(await engine.call('getArtifactsById', { artifactIds })).artifacts,
    executions: answerOf(await engine.call('getExecutionsById', { executionIds })).executions,
    contexts: [],
    attributions: [],
    associations: [],
    artifactTypes: graph.artifactTypes.filter(isOwn),
    executionTypes: graph.executionTypes.filter(isOwn),
  };
}

/** The answer, where the RPC cannot but succeed. */
export function answerOf<Answer>(reply: { readonly code: number } & ({ readonly answer: Answer } | object)): Answer {
  if ('answer' in reply) return reply.answer as Answer;
  throw new Error(`the engine fails: ${JSON.stringify(reply)}`);
}
