import type { Value } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

/** The types of contexts that are runs of pipelines: Kubeflow Pipelines', TFX's, and TFX's before 0.26. */
export const RUN_TYPES = ['system.PipelineRun', 'pipeline_run', 'run'] as const;

/** The properties of a registered model artifact that tell where it comes from. */
export const SOURCE_PROPERTIES = ['model_source_id', 'model_source_name'] as const;

/** The type of the registry's own runs, which a source names by their MLMD id, or by their external id. */
export const REGISTRY_RUN = 'kf.ExperimentRun';

/**
 * What the source of a registered model artifact calls the run that made it: its id, or its name where the source has no
 * id. Undefined where it has neither.
 */
export function sourceRunOf(properties: ReadonlyMap<string, Value>): string | undefined {
  for (const name of SOURCE_PROPERTIES) {
    const text = properties.get(name)?.stringValue;
    if (text) return text;
  }
  return undefined;
}

/** As much of a context as tells whether it is the run that a source names. */
interface Run {
  readonly id?: bigint | undefined;
  readonly type?: string | undefined;
  readonly name?: string | undefined;
  readonly externalId?: string | undefined;
}

/** What a source may call this run. None where the context is no run. */
export function sourceNamesOf({ id = 0n, type = '', name, externalId }: Run): readonly string[] {
  const isPipelines = (RUN_TYPES as readonly string[]).includes(type);
  if (!isPipelines && type !== REGISTRY_RUN) return [];
  const own = isPipelines ? name : id.toString();
  return [own ?? '', externalId ?? ''].filter((each) => each !== '');
}
