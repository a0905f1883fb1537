import { parseGlobalId } from '../../src/domain/ids.ts';
import { keyOf, type PlainLineage, plainLink, toPlain } from './plain.ts';
import { argumentsOf } from './walker.ts';

const QUERY = `query ($of: [ID!]!, $direction: LineageDirection, $maxNodes: Int) {
  lineage(of: $of, direction: $direction, maxNodes: $maxNodes) {
    nodes {
      id
      kind
      ... on Artifact { name uri state type { name } createTime lastUpdateTime propertyMap customPropertyMap }
      ... on Execution {
        name executionState: state type { name } createTime lastUpdateTime propertyMap customPropertyMap
      }
    }
    edges { from { id } to { id } kind event { type time } }
    completeness { complete reason }
  }
}`;

/** The request that asks for a closure. */
export function bodyOf(artifactId: bigint): string {
  return JSON.stringify({ query: QUERY, variables: argumentsOf(artifactId) });
}

/** The answer to {@link bodyOf}. */
interface Answer {
  readonly errors?: unknown;
  readonly data?: {
    readonly lineage: {
      readonly nodes: readonly {
        readonly id: string;
        readonly name: string;
        readonly uri?: string;
        readonly type: { readonly name: string };
        readonly propertyMap: Readonly<Record<string, unknown>>;
        readonly customPropertyMap: Readonly<Record<string, unknown>>;
      }[];
      readonly edges: readonly { readonly from: { readonly id: string }; readonly to: { readonly id: string } }[];
      readonly completeness: { readonly complete: boolean };
    };
  };
}

/** The closure in an answer, as it is compared. Throws where it is not complete. */
export function plainAnswer(answer: unknown): PlainLineage {
  const { data, errors } = answer as Answer;
  if (errors || !data?.lineage.completeness.complete) throw new Error(`no whole lineage: ${JSON.stringify(errors)}`);
  const { nodes, edges } = data.lineage;
  return toPlain(
    nodes.map(({ id, type, name, uri, propertyMap, customPropertyMap }) => ({
      key: toKey(id),
      type: type.name,
      name,
      uri,
      properties: { ...propertyMap, ...customPropertyMap },
    })),
    edges.map(({ from, to }) => plainLink(toKey(from.id), toKey(to.id))),
  );
}

function toKey(globalId: string): string {
  const { type, id } = parseGlobalId(globalId, 'id');
  if (type === 'Artifact' || type === 'Execution') return keyOf(type, id);
  throw new Error(`a ${type} is in the closure`);
}
