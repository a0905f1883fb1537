import {
  ArtifactType_SystemDefinedBaseType as ArtifactBase,
  ExecutionType_SystemDefinedBaseType as ExecutionBase,
} from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import { toKindName } from './kind-name.ts';

/** The part that an artifact has in how a model came to be. */
export type ArtifactRole = 'model' | 'dataset' | 'metrics' | 'code' | 'other';

/** A type, as far as it tells the part of its nodes. */
interface Typed {
  readonly name: string | undefined;
  readonly baseType: number | undefined;
}

const ROLE_OF_BASE: ReadonlyMap<number | undefined, ArtifactRole> = new Map<number, ArtifactRole>([
  [ArtifactBase.MODEL, 'model'],
  [ArtifactBase.DATASET, 'dataset'],
  [ArtifactBase.METRICS, 'metrics'],
]);

/** By the short name of the type, where the type has no base type: those of Kubeflow Pipelines, TFX and the registry. */
const ROLES_BY_NAME: readonly (readonly [RegExp, ArtifactRole])[] = [
  [/^(Model|ModelArtifact|BaseModel|PretrainedModel|Checkpoint)$/, 'model'],
  [/^(Dataset|DataSet|Examples|Features?|Table|Corpus)$/, 'dataset'],
  [/Metrics?$|^ModelEvaluation$|^HTML$/, 'metrics'],
  [/(Code|Script|Notebook|Module|Repository)$/, 'code'],
];

/** The part that artifacts of a type have. */
export function roleOfArtifacts({ name, baseType }: Typed): ArtifactRole {
  const known = ROLE_OF_BASE.get(baseType);
  if (known) return known;
  const kind = toKindName(name);
  return ROLES_BY_NAME.find(([pattern]) => pattern.test(kind))?.[1] ?? 'other';
}

/** Whether executions of a type train models. */
export function isTraining({ name, baseType }: Typed): boolean {
  if (baseType) return baseType === ExecutionBase.TRAIN;
  return /train|fine.?tun/i.test(toKindName(name));
}
