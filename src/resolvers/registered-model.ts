import type { MutationResolvers } from '../generated/graphql.ts';
import { createRow } from '../registry/create.ts';
import { payload } from '../registry/row-change.ts';
import { archiveRow, updateRow } from '../registry/update.ts';

export const Mutation = {
  createRegisteredModel: async (_root, { input }, context) =>
    payload('registeredModel', await createRow(context, 'RegisteredModel', input)),
  updateRegisteredModel: async (_root, { input }, context) =>
    payload('registeredModel', await updateRow(context, 'RegisteredModel', input)),
  archiveRegisteredModel: async (_root, { input }, context) =>
    payload('registeredModel', await archiveRow(context, 'RegisteredModel', input, true)),
  restoreRegisteredModel: async (_root, { input }, context) =>
    payload('registeredModel', await archiveRow(context, 'RegisteredModel', input, false)),
} satisfies MutationResolvers;
