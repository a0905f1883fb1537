import {
  ArtifactType_SystemDefinedBaseType as ArtifactBase,
  ExecutionType_SystemDefinedBaseType as ExecutionBase,
} from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

/** What tells the three kinds of types apart in the `Type` table. */
export interface TypeKind<Base extends number = number> {
  /** As a message to the caller calls a node of such a type. */
  readonly noun: 'artifact' | 'execution' | 'context';
  /** `Type.type_kind`. */
  readonly code: bigint;
  /** The system-defined base types by the name of their row, in the order in which MLMD creates these rows. */
  readonly baseTypes: ReadonlyMap<string, Base>;
}

/** The kind of ArtifactType. */
export const ARTIFACT_TYPE: TypeKind<ArtifactBase> = {
  noun: 'artifact',
  code: 1n,
  baseTypes: new Map([
    ['mlmd.Dataset', ArtifactBase.DATASET],
    ['mlmd.Model', ArtifactBase.MODEL],
    ['mlmd.Metrics', ArtifactBase.METRICS],
    ['mlmd.Statistics', ArtifactBase.STATISTICS],
  ]),
};

/** The kind of ExecutionType. */
export const EXECUTION_TYPE: TypeKind<ExecutionBase> = {
  noun: 'execution',
  code: 0n,
  baseTypes: new Map([
    ['mlmd.Train', ExecutionBase.TRAIN],
    ['mlmd.Transform', ExecutionBase.TRANSFORM],
    ['mlmd.Process', ExecutionBase.PROCESS],
    ['mlmd.Evaluate', ExecutionBase.EVALUATE],
    ['mlmd.Deploy', ExecutionBase.DEPLOY],
  ]),
};

/** The kind of ContextType, which has no base types. */
export const CONTEXT_TYPE: TypeKind<never> = { noun: 'context', code: 2n, baseTypes: new Map<string, never>() };
