// What the package gives as `modelgraph/client`; its own code imports the files themselves.
export type * from '../generated/client-operations.ts';
export type { ChangeOptions, Warning } from './change.ts';
export { type Client, type ClientOptions, createClient, type QueryOptions } from './client.ts';
export { type Deployment, type ListDeploymentsArguments, listDeployments } from './deployments.ts';
export { type GraphQLErrorAnswer, ModelGraphError } from './error.ts';
export * from './experiment-runs.ts';
export * from './experiments.ts';
export * from './impact.ts';
export * from './lineage.ts';
export * from './model-artifacts.ts';
export * from './model-versions.ts';
export * from './register-model.ts';
export * from './registered-models.ts';
export type { ListArguments, ListOptions } from './rows.ts';
export type { TypedDocument } from './typed-document.ts';
export type { Completeness, WalkOptions } from './walk.ts';
