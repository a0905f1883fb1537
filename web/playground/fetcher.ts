import type { GraphiQLProps } from 'graphiql';
import { GraphQLError } from 'graphql';

/** One operation as a JSON POST to /graphql; what is not JSON, or no answer at all, is shown as a GraphQL error. */
export const postGraphQL: GraphiQLProps['fetcher'] = async (operation, options) => {
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
        ...options?.headers,
      },
      body: JSON.stringify(operation),
    });
    const text = await response.text();
    if (/\bjson\b/.test(response.headers.get('content-type') ?? '')) return JSON.parse(text);
    return { errors: [new GraphQLError(`${response.status} ${response.statusText}: ${text.slice(0, 500)}`)] };
  } catch (error) {
    return { errors: [new GraphQLError(`/graphql does not answer: ${String(error)}`)] };
  }
};
