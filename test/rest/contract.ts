/** What is read of an OpenAPI schema. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly discriminator?: { readonly propertyName: string; readonly mapping: Readonly<Record<string, string>> };
}

interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Content {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

/** What is read of an OpenAPI document. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>> & { readonly parameters?: Parameter[] }>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

const METHODS = ['get', 'post', 'patch', 'put', 'delete'];

/** Every operation, parameter, required member, type and enum of `contract` that `ours` lacks. */
export function missing(contract: OpenApi, ours: OpenApi): string[] {
  return Object.entries(contract.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const wanted = item[method];
      const found = ours.paths[path]?.[method];
      if (!wanted) return [];
      if (found?.operationId !== wanted.operationId) return [`${method} ${path}: ${wanted.operationId}`];
      const parameters = [...(item.parameters ?? []), ...(wanted.parameters ?? [])];
      return [
        ...missingParameters(contract, parameters, ours, found.parameters ?? []),
        ...missingBody(contract, wanted, ours, found),
      ].map((each) => `${wanted.operationId}: ${each}`);
    }),
  );
}

function missingParameters(
  contract: OpenApi,
  wanted: readonly Parameter[],
  ours: OpenApi,
  found: readonly Parameter[],
) {
  const known = new Map(found.map((each) => [`${each.in} ${each.name}`, each]));
  return wanted.flatMap((parameter) => {
    const each = resolve<Parameter>(contract, parameter);
    const place = `${each.in} ${each.name}`;
    const own = known.get(place);
    if (!own) return [place];
    const required = each.required && !own.required ? [`${place} is not required`] : [];
    return [...required, ...lacks(contract, each.schema, ours, own.schema, place, 'request')];
  });
}

function missingBody(contract: OpenApi, wanted: Operation, ours: OpenApi, found: Operation): string[] {
  const body = schemaOf(contract, wanted.requestBody);
  const request = body ? lacks(contract, body, ours, schemaOf(ours, found.requestBody) ?? {}, 'body', 'request') : [];
  const answer = Object.entries(wanted.responses).find(([status]) => status.startsWith('2'))?.[1];
  const own = Object.entries(found.responses).find(([status]) => status.startsWith('2'))?.[1];
  const response = schemaOf(contract, answer) ?? {};
  return [...request, ...lacks(contract, response, ours, schemaOf(ours, own) ?? {}, 'answer', 'response')];
}

function schemaOf(document: OpenApi, content: Content | undefined): Schema | undefined {
  return content && resolve<Content>(document, content).content?.['application/json']?.schema;
}

function resolve<Node extends { readonly $ref?: string }>(document: OpenApi, node: Node): Node {
  if (node.$ref === undefined) return node;
  const [, , kind = '', name = ''] = node.$ref.split('/');
  return document.components[kind]?.[name] as Node;
}

/** Allowed differences: what the contract says of 32 bits, and is of 64. */
function lacks(
  contract: OpenApi,
  wantedSchema: Schema,
  ours: OpenApi,
  foundSchema: Schema,
  place: string,
  direction: 'request' | 'response',
): string[] {
  const wanted = flat(contract, wantedSchema);
  const found = flat(ours, foundSchema);
  if (wanted.discriminator) {
    return Object.entries(wanted.discriminator.mapping).flatMap(([value, $ref]) => {
      const own = found.discriminator?.mapping[value];
      return own
        ? lacks(contract, { $ref }, ours, { $ref: own }, `${place}<${value}>`, direction)
        : [`${place}<${value}>`];
    });
  }
  return [
    ...(wanted.type !== undefined && wanted.type !== found.type ? [`${place}: ${found.type}, not ${wanted.type}`] : []),
    ...(wanted.enum ?? [])
      .filter((value) => !found.enum?.includes(value))
      .map((value) => `${place}: the value ${value}`),
    ...(wanted.required ?? [])
      .filter((name) => !found.required?.includes(name))
      .map((name) => `${place}.${name} required`),
    ...Object.entries(wanted.properties ?? {}).flatMap(([name, schema]) => {
      const own = found.properties?.[name];
      return own ? lacks(contract, schema, ours, own, `${place}.${name}`, direction) : [`${place}.${name}`];
    }),
    ...(wanted.items ? lacks(contract, wanted.items, ours, found.items ?? {}, `${place}[]`, direction) : []),
    ...(typeof wanted.additionalProperties === 'object' && typeof found.additionalProperties === 'object'
      ? lacks(contract, wanted.additionalProperties, ours, found.additionalProperties, `${place}{}`, direction)
      : []),
  ];
}

/** A schema with its parts in one. */
function flat(document: OpenApi, schema: Schema): Schema {
  const { allOf = [], ...own } = resolve<Schema>(document, schema);
  const parts = allOf.map((each) => flat(document, each));
  const all = [...parts, own];
  const merged = Object.assign({}, ...all) as Schema;
  if (allOf.length === 0) return merged;
  return {
    ...merged,
    required: [...new Set(all.flatMap(({ required }) => required ?? []))],
    properties: Object.assign({}, ...all.map(({ properties }) => properties)),
  };
}
