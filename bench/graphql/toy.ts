import { makeExecutableSchema } from '@graphql-tools/schema';
import DataLoader from 'dataloader';

const MODELS = 25;
const VERSIONS_EACH = 19;

/** 25 models with 19 versions each: 500 objects of 6 fields. */
export const QUERY = `{
  models { id name state author createTime versions { id name state author createTime uri } }
}`;

interface Model {
  readonly id: number;
  readonly versionIds: readonly number[];
}

interface Version {
  readonly id: number;
  readonly time: number;
}

/** What a toy request has: loaders of its own, as every request of the gateway has. */
export interface ToyContext {
  readonly versions: DataLoader<number, Version>;
}

/** The context of a request that begins now. */
export function createToyContext(): ToyContext {
  return { versions: new DataLoader(async (ids) => ids.map(toVersion)) };
}

function toVersion(id: number) {
  return {
    id,
    time: 1_700_000_000_000 + id * 1_000,
    name: `version ${id}`,
    author: `author ${id % 7}`,
    uri: `s3://${id}`,
  };
}

function toModel(id: number) {
  const versionIds = Array.from({ length: VERSIONS_EACH }, (_none, index) => id * VERSIONS_EACH + index);
  return { id, time: 1_600_000_000_000 + id, name: `model ${id}`, author: `author ${id % 7}`, versionIds };
}

/** A schema like the gateway's: some fields are read off, some computed, and nested objects come from a DataLoader. */
export const schema = makeExecutableSchema<ToyContext>({
  typeDefs: `
    type Query { models: [Model!]! }
    type Model { id: ID! name: String! state: State! author: String createTime: String! versions: [Version!]! }
    type Version { id: ID! name: String! state: State! author: String createTime: String! uri: String }
    enum State { LIVE ARCHIVED }
  `,
  resolvers: {
    Query: { models: () => Array.from({ length: MODELS }, (_none, id) => toModel(id)) },
    Model: {
      state: ({ id }: Model) => (id % 5 === 0 ? 'ARCHIVED' : 'LIVE'),
      createTime: ({ time }: Version) => new Date(time).toISOString(),
      versions: ({ versionIds }: Model, _none: object, { versions }: ToyContext) =>
        Promise.all(versionIds.map((id) => versions.load(id))),
    },
    Version: {
      state: ({ id }: Version) => (id % 5 === 0 ? 'ARCHIVED' : 'LIVE'),
      createTime: ({ time }: Version) => new Date(time).toISOString(),
    },
  },
});
