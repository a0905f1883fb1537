import type { Context } from '../context.ts';
import { attributedAs, DESCRIBING, HOLDERS, type HolderType, isHolder } from '../domain/lineage/attributed.ts';
import type { Link, LinkKind } from '../domain/lineage/graph.ts';
import type { Artifact, Context as ContextMessage } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import { type FileNode, inTurn, type Level, type Links, parentsOfType } from './asked.ts';
import { type Member, membersOf } from './members.ts';

const TYPES = Object.keys(HOLDERS);
const PARENTS = Object.values(HOLDERS).map(({ parent }) => parent);
const BOUNDS = { types: TYPES, parentTypes: PARENTS };

/** Between versions and runs of the registry, their artifacts, and the models and experiments that they belong to. */
export async function attributionLinks(context: Context, level: Level): Links {
  const above = level.registeredAbove.filter(({ type = '' }) => DESCRIBING.includes(type));
  return inTurn([
    () => holdersOf(context, above, 'DESCRIBES'),
    () => holdersOf(context, level.artifactsBelow, 'PART_OF'),
    () => holdersOfUnread(context, level.unreadBelow),
    () => aroundContexts(context, level),
  ]);
}

async function holdersOf(context: Context, artifacts: readonly FileNode[], kind: LinkKind): Links {
  const found = await membersOf(
    context,
    'contextsOfArtifacts',
    artifacts.map(({ id = 0n }) => id),
    BOUNDS,
  );
  return holdings(found, artifacts, kind);
}

/** Only those that have holders are read: how they are linked depends on what they are. */
async function holdersOfUnread(context: Context, ids: readonly bigint[]): Links {
  const found = await membersOf(context, 'contextsOfArtifacts', ids, BOUNDS);
  const held = await context.loaders.artifact.loadAll([...new Set(found.map(({ key }) => key))]);
  return holdings(
    found,
    held.filter((each) => each !== null),
    'PART_OF',
  );
}

function holdings(
  found: readonly Member<ContextMessage>[],
  artifacts: readonly FileNode[],
  kind: LinkKind,
): readonly Link[] {
  const byId = new Map(artifacts.map((artifact) => [artifact.id ?? 0n, artifact]));
  const links = found.flatMap(({ key, node }) => attributed(node, { ...byId.get(key), id: key }));
  return links.filter((link) => link.kind === kind);
}

async function aroundContexts(context: Context, { contexts }: Level): Links {
  const holders = contexts.filter((node) => isHolder(node.context.type));
  const above = holders.filter(({ up }) => up).map((node) => node.context);
  const below = holders.filter(({ down }) => down).map((node) => node.context);
  const parents = contexts.filter((node) => isParent(node.context) && (node.up || node.isStart));
  const parentIds = parents.map(({ id }) => id);
  return inTurn([
    () => partsOf(context, above),
    () => described(context, below),
    () => ownersOf(context, below),
    () => versionsOf(context, parentIds),
  ]);
}

function isParent({ type }: ContextMessage): boolean {
  return PARENTS.some((parent) => parent === type);
}

async function partsOf(context: Context, holders: readonly ContextMessage[]): Links {
  const links = await perType(holders, (type, ids) => {
    const { madeOf } = HOLDERS[type];
    return membersOf(context, 'artifactsOfContexts', ids, madeOf ? { types: madeOf } : {});
  });
  return links.filter(({ kind }) => kind === 'PART_OF');
}

async function described(context: Context, holders: readonly ContextMessage[]): Links {
  return perType(holders, (type, ids) =>
    membersOf(context, 'artifactsOfContexts', ids, { types: HOLDERS[type].describedBy }),
  );
}

async function perType(
  holders: readonly ContextMessage[],
  read: (
    type: HolderType,
    ids: readonly bigint[],
  ) => Promise<readonly { readonly key: bigint; readonly node: Artifact }[]>,
): Links {
  const byId = new Map(holders.map((holder) => [holder.id ?? 0n, holder]));
  const types = [...new Set(holders.map(({ type }) => type))].filter(isHolder);
  const found = await Promise.all(
    types.map((type) =>
      read(
        type,
        holders.filter((each) => each.type === type).map(({ id = 0n }) => id),
      ),
    ),
  );
  return found.flat().flatMap(({ key, node }) => attributed(byId.get(key), node));
}

function attributed(
  holder: ContextMessage | undefined,
  artifact: { readonly id?: bigint | undefined; readonly type?: string | undefined },
): readonly Link[] {
  if (!holder || !isHolder(holder.type)) return [];
  const kind = attributedAs(holder.type, artifact.type);
  const context = { type: 'Context', id: holder.id ?? 0n } as const;
  const part = { type: 'Artifact', id: artifact.id ?? 0n } as const;
  if (kind === undefined) return [];
  const [from, to] = kind === 'PART_OF' ? [part, context] : [context, part];
  return [{ from, to, kind, derivedFrom: 'ATTRIBUTION' }];
}

async function ownersOf(context: Context, holders: readonly ContextMessage[]): Links {
  const found = await parentsOfType(context, holders, ({ type }) =>
    isHolder(type) ? HOLDERS[type].parent : undefined,
  );
  return found.map(({ child, parent }) => versionOf(child, parent));
}

async function versionsOf(context: Context, ids: readonly bigint[]): Links {
  const found = await membersOf(context, 'childrenOfContexts', ids, { types: TYPES });
  return found.map(({ key, node }) => versionOf(node.id ?? 0n, key));
}

function versionOf(child: bigint, parent: bigint): Link {
  return {
    from: { type: 'Context', id: child },
    to: { type: 'Context', id: parent },
    kind: 'VERSION_OF',
    derivedFrom: 'ATTRIBUTION',
  };
}
