import type { Context } from '../../context.ts';
import { REGISTRY_KINDS } from '../../domain/registry-kinds.ts';

/** The version of a model that was registered last; one read for all models of a level. */
export async function newestVersion(modelId: bigint, { loaders }: Context) {
  const { nodes } = await loaders.groups.childrenOfContexts.load({
    key: modelId,
    count: 1,
    afterId: 0n,
    newestFirst: true,
    types: [REGISTRY_KINDS.ModelVersion.type],
  });
  const [version] = nodes;
  if (version) loaders.registered.primeContext('ModelVersion', version);
  return version ?? null;
}
