import { Artifact_State, Execution_State } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

/** Which of MLMD's nodes a row of the registry is. */
export type RegistryNode = 'Artifact' | 'Execution' | 'Context';

/**
 * How a field is stored: `text`, `int`, `double` as values of that kind; `id` as the INT of an MLMD id; `time` as a
 * STRING of milliseconds since the Unix epoch; `list` as a STRUCT whose one field has the property's name; `enum` as a
 * STRING, or as a state of MLMD's where the field is no property.
 */
export type FieldStorage =
  | { readonly as: 'text' | 'int' | 'double' | 'time' | 'list' }
  | {
      readonly as: 'id';
      /** What has to be there with this id when it is written. */
      readonly refersTo?: RegistryKindName;
      /** The field beside it that names the owner of what it names. */
      readonly ownedBy?: string;
    }
  | {
      readonly as: 'enum';
      /** The stored STRING or number for each value of the GraphQL enum. */
      readonly values: Readonly<Record<string, string | number>>;
    };

/** A field of a kind. */
export type RegistryField = FieldStorage & {
  /** The property that the type declares, or the attribute of the node itself. */
  readonly stored:
    | { readonly property: string }
    | { readonly attribute: 'uri' | 'state' | 'lastKnownState'; readonly column: string };
  /** The value of a new row that says nothing of it, as GraphQL writes it. */
  readonly initially?: string;
  /** True where no row may be without it. */
  readonly required?: true;
  /** What a text has to look like when it is written: `uri` without blanks, `digits` of a whole number. */
  readonly looks?: 'uri' | 'digits';
  /** How many bytes of UTF-8 a text may have when it is written, where it is not as many as of all texts. */
  readonly maxBytes?: number;
};

/** A noun of the registry, and how it is stored. */
export interface RegistryKind {
  readonly node: RegistryNode;
  /** The name of its MLMD type. */
  readonly type: string;
  /** In a sentence, e.g. `model version`. */
  readonly noun: string;
  /** The kinds of context that own it and whose id begins its stored name; none for those whose name is stored plain. */
  readonly owners: readonly RegistryKindName[];
  /** The INT property that names the owner too, beside the link. */
  readonly ownerProperty?: string;
  /** The STRING properties that repeat the names of the row and of its owner; nothing reads them. */
  readonly nameProperties?: { readonly own: string; readonly owner: string };
  readonly fields: Readonly<Record<string, RegistryField>>;
  /** True where a new row that is not named gets a random name. */
  readonly randomName?: true;
  /** What archiving writes and restoring takes back. */
  readonly archive: { readonly field: string; readonly archived: string; readonly live: string } | 'customProperty';
}

/** The kinds of the registry, as their GraphQL types are named. */
export type RegistryKindName =
  | 'RegisteredModel'
  | 'ModelVersion'
  | 'ModelArtifact'
  | 'DocArtifact'
  | 'DataSet'
  | 'Metric'
  | 'Parameter'
  | 'Experiment'
  | 'ExperimentRun'
  | 'ServingEnvironment'
  | 'InferenceService'
  | 'ServeModel';

/** The custom property that marks what is archived and has no state of its own for it. */
export const ARCHIVED_PROPERTY = 'modelgraph.archived';

/** The type of the logged values of metrics: rows of the kind Metric, hidden from its lists. */
export const METRIC_HISTORY_TYPE = 'kf.MetricHistory';

const text = (property: string): RegistryField => ({ as: 'text', stored: { property } });
/** Fields whose properties are named as they are, in snake case. */
const texts = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, text(name.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`))]));
const link = (property: string): RegistryField => ({ ...text(property), looks: 'uri' });
const id = (property: string, refersTo: RegistryKindName) => ({ as: 'id', refersTo, stored: { property } }) as const;
const time = (property: string): RegistryField => ({ as: 'time', stored: { property } });
const list = (property: string): RegistryField => ({ as: 'list', stored: { property } });
const enumeration = (property: string, names: readonly string[], initially: string): RegistryField => ({
  as: 'enum',
  values: Object.fromEntries(names.map((name) => [name, name])),
  stored: { property },
  initially,
});

const description = text('description');
const state = enumeration('state', ['LIVE', 'ARCHIVED'], 'LIVE');
const byState = { field: 'state', archived: 'ARCHIVED', live: 'LIVE' } as const;

const artifactFields = {
  description,
  state: {
    as: 'enum',
    values: Artifact_State,
    stored: { attribute: 'state', column: 'state' },
    initially: 'UNKNOWN',
  },
} as const satisfies Record<string, RegistryField>;
const uri: RegistryField = { as: 'text', stored: { attribute: 'uri', column: 'uri' }, looks: 'uri' };
const inVersionOrRun = {
  node: 'Artifact',
  owners: ['ModelVersion', 'ExperimentRun'],
  // Not MARKED_FOR_DELETION, on which other programs may act.
  archive: { field: 'state', archived: 'ABANDONED', live: 'LIVE' },
} as const;

/** Every kind, in the stored form of the MLMD-backed Kubeflow Model Registry. */
export const REGISTRY_KINDS: Readonly<Record<RegistryKindName, RegistryKind>> = {
  RegisteredModel: {
    node: 'Context',
    type: 'kf.RegisteredModel',
    noun: 'registered model',
    owners: [],
    archive: byState,
    fields: {
      description,
      owner: text('owner'),
      provider: text('provider'),
      maturity: text('maturity'),
      readme: { ...text('readme'), maxBytes: 512 * 1024 },
      logo: link('logo'),
      license: text('license'),
      licenseLink: link('license_link'),
      libraryName: text('library_name'),
      language: list('language'),
      tasks: list('tasks'),
      state,
    },
  },
  ModelVersion: {
    node: 'Context',
    type: 'kf.ModelVersion',
    noun: 'model version',
    owners: ['RegisteredModel'],
    nameProperties: { own: 'version', owner: 'model_name' },
    archive: byState,
    fields: { description, author: text('author'), state },
  },
  ModelArtifact: {
    ...inVersionOrRun,
    type: 'kf.ModelArtifact',
    randomName: true,
    noun: 'model artifact',
    fields: {
      ...artifactFields,
      uri,
      ...texts('modelFormatName', 'modelFormatVersion', 'storageKey', 'storagePath', 'serviceAccountName'),
      ...texts('modelSourceKind', 'modelSourceClass', 'modelSourceGroup', 'modelSourceId', 'modelSourceName'),
    },
  },
  DocArtifact: {
    ...inVersionOrRun,
    type: 'kf.DocArtifact',
    randomName: true,
    noun: 'document',
    fields: { ...artifactFields, uri },
  },
  DataSet: {
    ...inVersionOrRun,
    type: 'kf.DataSet',
    randomName: true,
    noun: 'dataset',
    fields: {
      ...artifactFields,
      uri,
      ...texts('digest', 'sourceType', 'source', 'schema', 'profile'),
    },
  },
  Metric: {
    ...inVersionOrRun,
    type: 'kf.Metric',
    noun: 'metric',
    fields: {
      ...artifactFields,
      value: { as: 'double', stored: { property: 'value' }, required: true },
      step: { as: 'int', stored: { property: 'step' } },
      timestamp: { ...text('timestamp'), looks: 'digits' },
    },
  },
  Parameter: {
    ...inVersionOrRun,
    type: 'kf.Parameter',
    noun: 'parameter',
    fields: {
      ...artifactFields,
      value: { ...text('value'), required: true },
      parameterType: {
        as: 'enum',
        values: { STRING: 'string', NUMBER: 'number', BOOLEAN: 'boolean', OBJECT: 'object' },
        stored: { property: 'parameter_type' },
        initially: 'STRING',
      },
    },
  },
  Experiment: {
    node: 'Context',
    type: 'kf.Experiment',
    noun: 'experiment',
    owners: [],
    archive: byState,
    fields: { description, owner: text('owner'), state },
  },
  ExperimentRun: {
    node: 'Context',
    type: 'kf.ExperimentRun',
    randomName: true,
    noun: 'experiment run',
    owners: ['Experiment'],
    archive: byState,
    fields: {
      description,
      owner: text('owner'),
      status: enumeration('status', ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'], 'RUNNING'),
      startTime: time('start_time_since_epoch'),
      endTime: time('end_time_since_epoch'),
      state,
    },
  },
  ServingEnvironment: {
    node: 'Context',
    type: 'kf.ServingEnvironment',
    noun: 'serving environment',
    owners: [],
    archive: 'customProperty',
    fields: { description },
  },
  InferenceService: {
    node: 'Context',
    type: 'kf.InferenceService',
    randomName: true,
    noun: 'inference service',
    owners: ['ServingEnvironment'],
    ownerProperty: 'serving_environment_id',
    archive: 'customProperty',
    fields: {
      description,
      runtime: text('runtime'),
      desiredState: enumeration('desired_state', ['DEPLOYED', 'UNDEPLOYED'], 'DEPLOYED'),
      registeredModelId: { ...id('registered_model_id', 'RegisteredModel'), required: true },
      modelVersionId: { ...id('model_version_id', 'ModelVersion'), ownedBy: 'registeredModelId' },
    },
  },
  ServeModel: {
    node: 'Execution',
    type: 'kf.ServeModel',
    randomName: true,
    noun: 'deployment',
    owners: ['InferenceService'],
    archive: 'customProperty',
    fields: {
      description,
      lastKnownState: {
        as: 'enum',
        values: Execution_State,
        stored: { attribute: 'lastKnownState', column: 'last_known_state' },
        initially: 'UNKNOWN',
      },
      modelVersionId: { ...id('model_version_id', 'ModelVersion'), required: true },
    },
  },
};

/** The kinds of artifact, by their value of the GraphQL enum RegistryArtifactKind. */
export const ARTIFACT_KINDS = {
  MODEL: 'ModelArtifact',
  DOC: 'DocArtifact',
  DATA_SET: 'DataSet',
  METRIC: 'Metric',
  PARAMETER: 'Parameter',
} as const satisfies Record<string, RegistryKindName>;

const KIND_OF_TYPE: ReadonlyMap<string | undefined, RegistryKindName> = new Map(
  (Object.keys(REGISTRY_KINDS) as RegistryKindName[]).map((name) => [REGISTRY_KINDS[name].type, name]),
);

/** The kind of a node by the name of its type; undefined where the registry has none for it. */
export function registryKindOf({ type }: { readonly type?: string | undefined }): RegistryKindName | undefined {
  return KIND_OF_TYPE.get(type);
}

/** The kind of an artifact by the name of its type; undefined where the registry has none for it. */
export function artifactKindOf({ type }: { readonly type?: string | undefined }) {
  return Object.values(ARTIFACT_KINDS).find((kind) => REGISTRY_KINDS[kind].type === type);
}
