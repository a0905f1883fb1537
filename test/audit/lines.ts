import type { AuditLine } from '../../src/domain/audit-line.ts';
import type { Harness } from '../harness.ts';

/** What a test compares of a line. */
export function told({ action, right, caller, nodes, outcome, codes, door, route }: AuditLine) {
  const ids = nodes.map(({ type, id }) => `${type} ${id}`);
  return { action, right, by: caller?.name ?? null, nodes: ids, outcome, codes, door, route };
}

/** Lines that are taken, each with whether the store has it. */
export function createTaken() {
  const lines: AuditLine[] = [];
  const kept: AuditLine[] = [];
  return {
    lines,
    kept,
    audit: (line: AuditLine, isKept: boolean) => {
      lines.push(line);
      if (isKept) kept.push(line);
    },
  };
}

/** The audit log as GraphQL shows it. */
export async function shownLines(
  harness: Pick<Harness, 'query'>,
  headers: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, unknown>> = {},
) {
  return harness.query(
    `query ($first: Int, $after: String, $where: AuditLineWhere) {
      auditLog(first: $first, after: $after, where: $where) {
        nodes { time requestId caller { name groups by } address forwardedFor registry door route action right
          nodes { type databaseId } moreNodes outcome codes }
        edges { cursor node { action } }
        pageInfo { hasNextPage endCursor }
      }
    }`,
    variables,
    headers,
  );
}
