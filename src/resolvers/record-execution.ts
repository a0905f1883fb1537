import type { MutationResolvers } from '../generated/graphql.ts';
import { recordExecution } from '../registry/record-execution.ts';

export const Mutation = {
  recordExecution: (_root, { input }, context) => recordExecution(context, input),
} satisfies MutationResolvers;
