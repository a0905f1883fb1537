// What the package gives as `modelgraph/client`; its own code imports the files themselves.
export { type Client, type ClientOptions, createClient, type QueryOptions } from './client.ts';
export { type GraphQLErrorAnswer, ModelGraphError } from './error.ts';
export type { TypedDocument } from './typed-document.ts';
