import type { Context } from '../context.ts';
import type { Link } from '../domain/lineage/graph.ts';
import { fileKey, spellingsOf } from '../domain/lineage/same-file.ts';
import { REGISTRY_KINDS, registryKindOf } from '../domain/registry-kinds.ts';
import { type FileNode, inTurn, type Level, type Links } from './asked.ts';

const MODEL_ARTIFACT = REGISTRY_KINDS.ModelArtifact.type;

/** From what a pipeline wrote to the registered model artifact that is the same file, whatever way its URI is written. */
export async function fileLinks(context: Context, { registeredAbove, artifactsBelow, unreadBelow }: Level): Links {
  const known = [
    ...registeredAbove.filter(({ type }) => type === MODEL_ARTIFACT),
    ...artifactsBelow.filter((each) => registryKindOf(each) === undefined),
  ];
  return inTurn([() => fileLinksOf(context, known), () => linksOfUnread(context, unreadBelow)]);
}

/** From the other end: what is the same file as one that is registered. */
async function linksOfUnread(context: Context, ids: readonly bigint[]): Links {
  if (ids.length === 0) return [];
  const wanted = new Set(ids);
  const registered = (await context.loaders.walk.registeredFiles()) ?? [];
  return (await fileLinksOf(context, registered)).filter(({ from }) => wanted.has(from.id));
}

/** The same for artifacts at either end. */
export async function fileLinksOf({ loaders }: Pick<Context, 'loaders'>, known: readonly FileNode[]): Links {
  const uris = known.flatMap(({ uri = '' }) => spellingsOf(uri));
  if (uris.length === 0) return [];
  const found = Map.groupBy(await loaders.walk.artifactsByUri(uris), fileOf);
  return known.flatMap((one) =>
    (found.get(fileOf(one)) ?? []).flatMap((other) => toLink(one, other) ?? toLink(other, one) ?? []),
  );
}

function fileOf({ uri = '' }: FileNode): string {
  return fileKey(uri);
}

/** Undefined where it is not the one that a pipeline wrote and the other one that is registered. */
function toLink(written: FileNode, registered: FileNode): Link | undefined {
  if (registryKindOf(written) !== undefined || registered.type !== MODEL_ARTIFACT) return undefined;
  const ref = ({ id = 0n }: FileNode) => ({ type: 'Artifact', id }) as const;
  return { from: ref(written), to: ref(registered), kind: 'SAME_FILE', derivedFrom: 'URI' };
}
