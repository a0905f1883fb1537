import { astFromValue, buildSchema, GraphQLInputObjectType, print } from 'graphql';

import { ARTIFACT_KINDS, type RegistryKindName } from '../../src/domain/registry-kinds.ts';
import { printedSchema } from '../../src/schema.ts';
import type { Answer, Harness } from '../harness.ts';

/** Without our scalars: what is said is said as a client writes it. */
const schema = buildSchema(printedSchema());

/** How a filter is said in a document. */
export type Said = 'variables' | 'literals';

/** The list of some kinds by a filter, as text or as `where`, through GraphQL: `data.rows`. */
export function askRows(
  harness: Pick<Harness, 'query'>,
  kinds: readonly RegistryKindName[],
  filter: string | object,
  said: Said = 'variables',
  selection = 'nodes { databaseId }',
): Promise<Answer> {
  const [type, argument] = typeof filter === 'string' ? ['String', 'filterQuery'] : [whereOf(kinds), 'where'];
  const [list, others] = listOf(kinds);
  const isGiven = said === 'variables';
  const value = isGiven ? '$filter' : typeof filter === 'string' ? JSON.stringify(filter) : toLiteral(type, filter);
  const operation = isGiven ? `query ($filter: ${type})` : 'query';
  const query = `${operation} { rows: ${list}(${others} ${argument}: ${value}) { ${selection} } }`;
  return harness.query(query, isGiven ? { filter } : {});
}

function whereOf([kind = 'Metric', ...others]: readonly RegistryKindName[]): string {
  return `${others.length > 0 ? 'RegistryArtifact' : kind}Where`;
}

function listOf(kinds: readonly RegistryKindName[]): readonly [list: string, others: string] {
  const [kind = ''] = kinds;
  if (kinds.length === 1) return [`${kind[0]?.toLowerCase()}${kind.slice(1)}s`, ''];
  const names = Object.entries(ARTIFACT_KINDS).flatMap(([name, each]) => (kinds.includes(each) ? [name] : []));
  return ['registryArtifacts', `kinds: [${names.join(', ')}]`];
}

function toLiteral(name: string, filter: object): string {
  const type = schema.getType(name);
  const node = type instanceof GraphQLInputObjectType ? astFromValue(filter, type) : undefined;
  if (!node) throw new RangeError(`${name} cannot be said as a literal.`);
  return print(node);
}
