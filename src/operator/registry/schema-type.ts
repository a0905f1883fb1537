/** The part of OpenAPI's schemas that a CustomResourceDefinition takes and we use. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly 'x-kubernetes-validations'?: readonly Rule[];
  readonly 'x-kubernetes-list-type'?: 'map' | 'atomic';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

/** A condition in CEL, and what is told where it does not hold. */
export interface Rule {
  readonly rule: string;
  readonly message: string;
  readonly fieldPath?: string;
}

/**
 * The TypeScript type of what a schema (`as const`) lets through once the API server has put in the defaults: the one
 * source of both.
 */
export type TypeOf<S> = S extends { readonly enum: readonly (infer E)[] }
  ? E
  : S extends { readonly type: 'string' }
    ? string
    : S extends { readonly type: 'integer' }
      ? number
      : S extends { readonly type: 'boolean' }
        ? boolean
        : S extends { readonly type: 'array'; readonly items: infer I }
          ? readonly TypeOf<I>[]
          : S extends { readonly additionalProperties: infer A }
            ? Readonly<Record<string, TypeOf<A>>>
            : S extends { readonly type: 'object'; readonly properties: infer P }
              ? { readonly [K in PresentOf<S, P>]: TypeOf<P[K]> } & {
                  readonly [K in Exclude<keyof P, PresentOf<S, P>>]?: TypeOf<P[K]>;
                }
              : never;

/** The properties that are there: those that are required, and those with a default. */
type PresentOf<S, P> = keyof P &
  (
    | (S extends { readonly required: readonly (infer R)[] } ? R : never)
    | { [K in keyof P]: P[K] extends { readonly default: unknown } ? K : never }[keyof P]
  );
