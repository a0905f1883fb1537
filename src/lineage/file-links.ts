import type { Context } from '../context.ts';
import type { Link } from '../domain/lineage/graph.ts';
import { fileKey, spellingsOf } from '../domain/lineage/same-file.ts';
import { REGISTRY_KINDS, registryKindOf } from '../domain/registry-kinds.ts';
import type { Artifact } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Level, Links } from './asked.ts';

const MODEL_ARTIFACT = REGISTRY_KINDS.ModelArtifact.type;

/** From what a pipeline wrote to the registered model artifact that is the same file, whatever way its URI is written. */
export async function fileLinks({ loaders }: Context, { registeredAbove, artifactsBelow }: Level): Links {
  const known = [
    ...registeredAbove.filter(({ type }) => type === MODEL_ARTIFACT),
    ...artifactsBelow.filter((each) => registryKindOf(each) === undefined),
  ];
  return fileLinksOf({ loaders }, known);
}

/** The same for artifacts at either end. */
export async function fileLinksOf({ loaders }: Pick<Context, 'loaders'>, known: readonly Artifact[]): Links {
  const uris = known.flatMap(({ uri = '' }) => spellingsOf(uri));
  if (uris.length === 0) return [];
  const found = Map.groupBy(await loaders.walk.artifactsByUri(uris), fileOf);
  return known.flatMap((one) =>
    (found.get(fileOf(one)) ?? []).flatMap((other) => toLink(one, other) ?? toLink(other, one) ?? []),
  );
}

function fileOf({ uri = '' }: Artifact): string {
  return fileKey(uri);
}

/** Undefined where it is not the one that a pipeline wrote and the other one that is registered. */
function toLink(written: Artifact, registered: Artifact): Link | undefined {
  if (registryKindOf(written) !== undefined || registered.type !== MODEL_ARTIFACT) return undefined;
  const ref = ({ id = 0n }: Artifact) => ({ type: 'Artifact', id }) as const;
  return { from: ref(written), to: ref(registered), kind: 'SAME_FILE', derivedFrom: 'URI' };
}
