import type { PlainValues } from './graph.ts';

/** A registered model. */
export interface DemoModel {
  readonly name: string;
  readonly externalId: string;
  readonly description: string;
  readonly owner: string;
  readonly provider: string;
  readonly license: string;
  readonly licenseLink: string;
  readonly libraryName: string;
  readonly maturity: string;
  readonly language?: readonly string[];
  readonly tasks: readonly string[];
  readonly customProperties: PlainValues;
  /** Address of the paper or page that describes it. */
  readonly paper: string;
  /** Key of the dataset that all versions are measured on. */
  readonly dataset: string;
  /** What the metrics of the versions mean, by name. */
  readonly metrics: Readonly<Record<string, string>>;
  readonly versions: readonly DemoVersion[];
}

/** A version of a registered model, with its one model artifact. */
export interface DemoVersion {
  readonly name: string;
  readonly description: string;
  readonly author: string;
  readonly state?: 'LIVE' | 'ARCHIVED';
  readonly uri: string;
  readonly format: string;
  /** The value of each metric of the model. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** Custom properties of the model artifact. */
  readonly customProperties?: PlainValues;
  /** True where a pipeline run trains and measures it; the others come from their authors and are measured alone. */
  readonly trained?: true;
}

/** The key of a version's context. */
export function versionKey(model: string, version: string): string {
  return `${model}/${version}`;
}

/** The key of a version's model artifact. */
export function modelArtifactKey(version: string): string {
  return `${version}/model`;
}

/** The key of a version's metric. */
export function metricKey(version: string, metric: string): string {
  return `${version}/metric/${metric}`;
}
