import { getNamedType, isEnumType, isObjectType } from 'graphql';
import { expect, test } from 'vitest';

import { LIGHT } from '../src/domain/registry-fields.ts';
import { REGISTRY_KINDS, type RegistryField, type RegistryKindName } from '../src/domain/registry-kinds.ts';
import { createSchema } from '../src/schema.ts';

/** The GraphQL type that shows what is stored in each way; an enum has the values of its table. */
const SHOWN: Readonly<Record<Exclude<RegistryField['as'], 'enum'>, string>> = {
  text: 'String',
  int: 'Int64',
  double: 'Float',
  id: 'ID',
  time: 'DateTime',
  list: '[String!]',
};

const kinds = Object.entries(REGISTRY_KINDS) as [RegistryKindName, (typeof REGISTRY_KINDS)[RegistryKindName]][];

test.each(kinds)('%s shows every field of its table, in the type that fits', (name, { fields }) => {
  const type = createSchema().getType(name);
  if (!isObjectType(type)) throw new Error(`there is no type ${name}`);
  for (const [field, stored] of Object.entries(fields)) {
    const shown = type.getFields()[field]?.type;
    if (stored.as !== 'enum') expect(`${field}: ${shown}`).toBe(`${field}: ${SHOWN[stored.as]}`);
    else {
      const named = shown && getNamedType(shown);
      const values = isEnumType(named) ? named.getValues().map((value) => value.name) : [];
      expect(values.toSorted()).toEqual(Object.keys(stored.values).toSorted());
    }
  }
});

test.each(kinds)('%s has a resolver for each of its fields', (name) => {
  const type = createSchema().getType(name);
  const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
  // The default resolver reads the message, which has only this one under the same name.
  expect(fields.filter(({ resolve }) => !resolve).map((field) => field.name)).toEqual(['externalId']);
});

test('what is read for the fields of a page leaves the heavy texts out', () => {
  expect(LIGHT.Context).toEqual(expect.arrayContaining(['description', 'state', 'modelgraph.archived']));
  for (const heavy of ['readme', 'schema', 'profile']) expect(Object.values(LIGHT).flat()).not.toContain(heavy);
});
