import { Artifact_State, Execution_State } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

import { datasetArtifacts } from './datasets.ts';
import type { DemoArtifact, DemoContext, DemoExecution, DemoGraph } from './graph.ts';
import { BERT_SQUAD, WHISPER } from './language-models.ts';
import { type DemoModel, type DemoVersion, metricKey, modelArtifactKey, versionKey } from './model.ts';
import { runOf } from './pipeline-runs.ts';
import { BERT_SST2, DISTILBERT_SST2 } from './sst2-models.ts';
import { storyTime } from './time.ts';
import { RESNET_50, YOLOV8 } from './vision-models.ts';

/** The registered models; the ones that the pipelines train come last, and so are the newest. */
export const MODELS: readonly DemoModel[] = [RESNET_50, YOLOV8, WHISPER, BERT_SQUAD, BERT_SST2, DISTILBERT_SST2];

/** Models, versions and their artifacts, with the evaluations of the versions that no pipeline measures. */
export function registryGraph(): DemoGraph {
  const versions = MODELS.flatMap((model) => model.versions.map((version) => ({ model, version })));
  const usedIn = (dataset: string) =>
    versions
      .filter(({ model }) => model.dataset === dataset)
      .map(({ model, version }) => versionKey(model.name, version.name));
  return {
    contexts: [...MODELS.map(toModel), ...versions.map(({ model, version }) => toVersion(model, version))],
    artifacts: [...datasetArtifacts(usedIn), ...versions.flatMap(({ model, version }) => toArtifacts(model, version))],
    executions: versions
      .filter(({ version }) => !version.trained)
      .map(({ model, version }, index) => toEvaluation(model, version, index)),
  };
}

function toModel(model: DemoModel): DemoContext {
  const { name, externalId, description, owner, provider, license, maturity, language, tasks, customProperties } =
    model;
  return {
    key: name,
    type: 'kf.RegisteredModel',
    name,
    externalId,
    properties: {
      description,
      owner,
      provider,
      license,
      license_link: model.licenseLink,
      library_name: model.libraryName,
      maturity,
      readme: `# ${name}\n\n${description}\n\nRead more: ${model.paper}\n`,
      state: 'LIVE',
      // The registry keeps a list as a struct whose one field has the property's name.
      language: language && { language },
      tasks: { tasks },
    },
    customProperties,
  };
}

function toVersion(model: DemoModel, { name, description, author, state = 'LIVE' }: DemoVersion): DemoContext {
  return {
    key: versionKey(model.name, name),
    type: 'kf.ModelVersion',
    name,
    owner: model.name,
    properties: { description, author, state, version: name, model_name: model.name },
  };
}

function toArtifacts(model: DemoModel, version: DemoVersion): DemoArtifact[] {
  const owner = versionKey(model.name, version.name);
  const { LIVE } = Artifact_State;
  return [
    {
      key: `${owner}/paper`,
      type: 'kf.DocArtifact',
      name: 'paper',
      owner,
      uri: model.paper,
      state: LIVE,
      properties: { description: 'What the model is, and how it was made.' },
    },
    ...Object.entries(version.parameters).map(([name, value]) => ({
      key: `${owner}/parameter/${name}`,
      type: 'kf.Parameter',
      name,
      owner,
      state: LIVE,
      properties: { parameter_type: typeof value, value: String(value) },
    })),
    ...Object.entries(version.metrics).map(([name, value]) => ({
      key: metricKey(owner, name),
      type: 'kf.Metric',
      name,
      owner,
      state: LIVE,
      properties: { description: model.metrics[name], value, step: 0n },
    })),
    toModelArtifact(model, version),
  ];
}

function toModelArtifact(model: DemoModel, version: DemoVersion): DemoArtifact {
  const owner = versionKey(model.name, version.name);
  const run = runOf(model.name, version.name);
  return {
    key: modelArtifactKey(owner),
    type: 'kf.ModelArtifact',
    name: 'model',
    owner,
    uri: version.uri,
    state: Artifact_State.LIVE,
    properties: {
      description: version.description,
      model_format_name: version.format,
      model_source_kind: version.trained ? 'pipeline' : 'upload',
      model_source_group: version.author,
      model_source_name: model.name,
      ...(run !== undefined && { model_source_class: 'pipelinerun', model_source_id: run }),
    },
    ...(version.customProperties ? { customProperties: version.customProperties } : {}),
  };
}

/** One evaluation a day: it reads model and dataset and writes the metrics. */
function toEvaluation({ name: model, dataset }: DemoModel, version: DemoVersion, index: number): DemoExecution {
  const key = versionKey(model, version.name);
  return {
    key: `evaluate/${key}`,
    type: 'Evaluator',
    name: `evaluate ${model} ${version.name}`,
    contexts: [key],
    state: Execution_State.COMPLETE,
    inputs: { model: [modelArtifactKey(key)], examples: [dataset] },
    outputs: { metrics: Object.keys(version.metrics).map((metric) => metricKey(key, metric)) },
    start: storyTime(index, 9 * 60),
    end: storyTime(index, 9 * 60 + 25),
    properties: { component_id: 'Evaluator' },
  };
}
