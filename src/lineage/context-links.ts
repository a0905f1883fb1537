import type { Context } from '../context.ts';
import type { AskedNode, Link, NodeRef } from '../domain/lineage/graph.ts';
import { registryKindOf } from '../domain/registry-kinds.ts';
import { contextsOf, idsAsked, type Links } from './asked.ts';
import { membersOf } from './members.ts';

/**
 * Between a context and all that is in it. A context that a walk starts from stands for what is in it, but for the
 * registry's, which are linked as `attributionLinks` and `servingLinks` say; all others are gone through where `through`.
 */
export async function contextLinks(context: Context, asked: readonly AskedNode[], through: boolean): Links {
  if (!through && !asked.some(({ type, isStart }) => isStart && type === 'Context')) return [];
  const containers = await contextsOf(
    context,
    asked.filter(({ isStart }) => through || isStart),
  );
  const open = containers.filter((node) => through || registryKindOf(node.context) === undefined);
  const links = await Promise.all([
    membersIn(
      context,
      open.map(({ id }) => id),
    ),
    through ? contextsAround(context, asked) : [],
  ]);
  return links.flat();
}

async function membersIn(context: Context, ids: readonly bigint[]): Links {
  const [artifacts, executions] = await Promise.all([
    membersOf(context, 'artifactsOfContexts', ids),
    membersOf(context, 'executionsOfContexts', ids),
  ]);
  return [
    ...artifacts.map(({ key, node }) => memberOf({ type: 'Artifact', id: node.id ?? 0n }, key)),
    ...executions.map(({ key, node }) => memberOf({ type: 'Execution', id: node.id ?? 0n }, key)),
  ];
}

async function contextsAround({ loaders }: Context, asked: readonly AskedNode[]): Links {
  const of = { Artifact: loaders.contextsOfArtifact, Execution: loaders.contextsOfExecution };
  const found = await Promise.all(
    (['Artifact', 'Execution'] as const).flatMap((type) =>
      idsAsked(asked, type).map(async (id) =>
        (await of[type].load(id)).map((contextId) => memberOf({ type, id }, contextId)),
      ),
    ),
  );
  return found.flat();
}

function memberOf(from: NodeRef, context: bigint): Link {
  return { from, to: { type: 'Context', id: context }, kind: 'MEMBER_OF', derivedFrom: 'ATTRIBUTION' };
}
