import type { LinkKind } from './graph.ts';

/** Types of artifacts that say something of the version or run that has them, and are not what it is made of. */
const OF_VERSION = ['kf.Metric', 'kf.DocArtifact'];
const OF_RUN = ['kf.ModelArtifact', ...OF_VERSION];

/** What a run of an experiment is made of; of other types it is not known. */
const INTO_RUN = ['kf.DataSet', 'kf.Parameter'];

/** Logged values of metrics are part of their metrics, not nodes of their own. */
const HIDDEN = 'kf.MetricHistory';

/** The contexts of the registry that are linked with the artifacts that are attributed to them. */
export const HOLDERS = {
  'kf.ModelVersion': { parent: 'kf.RegisteredModel', describedBy: OF_VERSION, madeOf: undefined },
  'kf.ExperimentRun': { parent: 'kf.Experiment', describedBy: OF_RUN, madeOf: INTO_RUN },
} as const satisfies Record<
  string,
  {
    readonly parent: string;
    readonly describedBy: readonly string[];
    /** Types; undefined for all others. */
    readonly madeOf: readonly string[] | undefined;
  }
>;

/** The types of artifacts that say something of a version or a run. */
export const DESCRIBING: readonly string[] = OF_RUN;

/** The types of {@link HOLDERS}. */
export type HolderType = keyof typeof HOLDERS;

/** Whether this is one of {@link HOLDERS}. */
export function isHolder(type: string | undefined): type is HolderType {
  return type !== undefined && Object.hasOwn(HOLDERS, type);
}

/** How an artifact of a type is linked with a holder that has it; undefined where it is not. */
export function attributedAs(
  holder: HolderType,
  artifactType = '',
): (LinkKind & ('PART_OF' | 'DESCRIBES')) | undefined {
  const { describedBy, madeOf } = HOLDERS[holder];
  if (artifactType === HIDDEN) return undefined;
  if (describedBy.includes(artifactType)) return 'DESCRIBES';
  return madeOf === undefined || madeOf.includes(artifactType) ? 'PART_OF' : undefined;
}
