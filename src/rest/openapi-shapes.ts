import { VALUE_KINDS } from './metadata-value.ts';
import type { Components } from './openapi-components.ts';
import type { Member, ObjectShape, Shape, UnionShape } from './shape.ts';

/** The schema of values of a shape; what has a name is a component. */
export function shapeSchema(shape: Shape, components: Components): object {
  switch (shape.is) {
    case 'scalar':
      return scalarSchema(shape.type);
    case 'enum':
      return enumSchema(shape.values);
    case 'text':
      return { type: 'string', enum: [shape.text], default: shape.text, description: 'The kind.' };
    case 'list':
      return { type: 'array', items: shapeSchema(shape.of, components) };
    case 'properties':
      return PROPERTIES;
    case 'page':
      return pageSchema(shape.items, components);
    case 'object':
      return named(shape, objectSchema(shape, components), components);
    case 'union':
      return named(shape, unionSchema(shape, components), components);
  }
}

/** A map of custom properties. */
export const PROPERTIES = {
  type: 'object',
  additionalProperties: { $ref: '#/components/schemas/MetadataValue' },
} as const;

/** The schema of the values of an enum. */
export function enumSchema(values: ReadonlyMap<string, string>): object {
  return { type: 'string', enum: [...values.values()] };
}

/** The schema of a scalar as JSON has it. */
export function scalarSchema(type: string): object {
  return SCALARS[type] ?? {};
}

const SCALARS: Readonly<Record<string, object>> = {
  ID: { type: 'string', format: 'int64', pattern: '^[0-9]{1,18}$' },
  String: { type: 'string' },
  Boolean: { type: 'boolean' },
  Float: { type: 'number', format: 'double' },
  Int: { type: 'integer', format: 'int32' },
  Int64: { type: 'integer', format: 'int64' },
  DateTime: { type: 'string', format: 'int64', pattern: '^-?[0-9]{1,15}$' },
};

function named(shape: ObjectShape | UnionShape, schema: object, components: Components): object {
  const { name, description, example } = shape;
  if (name === undefined) return schema;
  const about = { ...(description && { description }), ...exampleOf(example) };
  return components.add(name, { ...schema, ...about });
}

const FROM_OTHERS = { type: 'string', description: 'Other servers may send it.' };

function objectSchema({ members, mayHave }: ObjectShape, components: Components): object {
  const properties = members.map((member) => [member.name, memberSchema(member, components)] as const);
  const required = members.filter((member) => member.required).map(({ name }) => name);
  return {
    type: 'object',
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries([...properties, ...mayHave.map((name) => [name, FROM_OTHERS] as const)]),
  };
}

function memberSchema({ shape, description }: Member, components: Components): object {
  const schema = shapeSchema(shape, components);
  // Beside a reference nothing may stand.
  return description && !('$ref' in schema) ? { ...schema, description } : schema;
}

function unionSchema({ cases }: UnionShape, components: Components): object {
  const shapes = [...cases.values()];
  const schemas = shapes.map((each) => shapeSchema(each, components));
  const example = shapes.map(exampleIn).find((each) => each !== undefined);
  return { oneOf: schemas, ...discriminator(shapes.map(constantsOf), schemas), ...exampleOf(example) };
}

/** The members of an object that always have the same text. */
export function constantsOf({ members }: ObjectShape): ReadonlyMap<string, string> {
  return new Map(members.flatMap(({ name, shape }) => (shape.is === 'text' ? [[name, shape.text]] : [])));
}

/** The member that tells schemas apart, where each is a component and has it. */
export function discriminator(constants: readonly ReadonlyMap<string, string>[], schemas: readonly object[]): object {
  const [name] = [...(constants[0]?.keys() ?? [])].filter((each) => constants.every((known) => known.has(each)));
  if (name === undefined || !schemas.every((schema) => '$ref' in schema)) return {};
  const mapping = constants.map((known, index) => [known.get(name), (schemas[index] as { $ref: string }).$ref]);
  return { discriminator: { propertyName: name, mapping: Object.fromEntries(mapping) } };
}

function pageSchema(items: Shape, components: Components): object {
  const schema = {
    type: 'object',
    description: 'A page of a list.',
    required: ['items', 'nextPageToken', 'pageSize', 'size'],
    properties: {
      items: { type: 'array', items: shapeSchema(items, components), description: 'Those of this page, in order.' },
      nextPageToken: { type: 'string', description: 'What to ask for the next page with; empty on the last one.' },
      pageSize: { type: 'integer', format: 'int32', description: 'The size that was asked for; 0 where none was.' },
      size: { type: 'integer', format: 'int32', description: 'How many items this page has.' },
    },
  };
  if (!('name' in items) || items.name === undefined) return schema;
  return components.add(`${items.name}List`, { ...schema, ...pageExample(exampleIn(items)) });
}

/** The example of a component, or of the first of its cases. */
function exampleIn(shape: ObjectShape | UnionShape): string | undefined {
  if (shape.is === 'object' || shape.example !== undefined) return shape.example;
  return [...shape.cases.values()].map(exampleIn).find((each) => each !== undefined);
}

function pageExample(item: string | undefined): object {
  if (item === undefined) return {};
  return { example: { items: [JSON.parse(item)], nextPageToken: '', pageSize: 0, size: 1 } };
}

function exampleOf(example: string | undefined): object {
  return example === undefined ? {} : { example: JSON.parse(example) };
}

/** MetadataValue and its cases. */
export const METADATA_VALUES: Readonly<Record<string, object>> = toMetadataValues();

function toMetadataValues(): Record<string, object> {
  const kinds = Object.values(VALUE_KINDS);
  const refs = kinds.map(({ metadataType }) => ({ $ref: `#/components/schemas/${metadataType}` }));
  const constants = kinds.map(({ metadataType }) => new Map([['metadataType', metadataType]]));
  const cases = kinds.map(({ metadataType, member, schema, expected, example }) => [
    metadataType,
    {
      type: 'object',
      description: `The value of a custom property: ${expected}.`,
      required: ['metadataType', ...(member === 'proto_value' ? ['type'] : []), member],
      example: { metadataType, ...example },
      properties: {
        metadataType: { type: 'string', enum: [metadataType], default: metadataType, description: 'The kind.' },
        ...(member === 'proto_value' && { type: { type: 'string', minLength: 1, description: 'The message’s type.' } }),
        [member]: { ...schema, description: `The value: ${expected}.` },
      },
    },
  ]);
  const example = { metadataType: 'MetadataStringValue', ...VALUE_KINDS['STRING']?.example };
  const union = { description: 'The value of a custom property, by `metadataType`.', oneOf: refs, example };
  return { MetadataValue: { ...union, ...discriminator(constants, refs) }, ...Object.fromEntries(cases) };
}
