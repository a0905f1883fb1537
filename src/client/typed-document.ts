/**
 * The text of a GraphQL operation that knows the types of its answer and its variables. graphql-codegen makes them of
 * `.graphql` files; any other text is one too, with an answer of unknown form.
 */
export type TypedDocument<Data, Variables> = string & { readonly __types?: (variables: Variables) => Data };
