import type { AuditedRow } from '../domain/audit-line.ts';
import { decodeCursor, encodeCursor } from '../domain/cursor.ts';
import { type AuditPage, connectionFields, cursorOf, rowOf, toPageSize } from '../domain/page.ts';
import { RegistryError } from '../errors.ts';
import type {
  AuditLineConnectionResolvers,
  AuditLineEdgeResolvers,
  AuditLineResolvers,
  AuditNodeResolvers,
  QueryResolvers,
} from '../generated/graphql.ts';

const LIST = 'auditLog';

export const Query = {
  async auditLog(_root, { where, ...page }, context): Promise<AuditPage> {
    const size = toPageSize(page);
    const beforeId = page.after == null ? undefined : toId(page.after);
    const { audit } = context.store;
    if (!audit)
      throw new RegistryError('UNIMPLEMENTED', 'An MLMD server keeps no audit log; it is in the file of --audit-log.');
    context.budget.spend(size);
    const rows = await audit.list({
      ...{ first: size + 1, beforeId, caller: where?.caller ?? undefined, outcome: where?.outcome ?? undefined },
      ...{ since: where?.since ?? undefined, until: where?.until ?? undefined },
    });
    const shown = rows.slice(0, size);
    return {
      rows: shown,
      hasNextPage: rows.length > size,
      hasPreviousPage: page.after != null,
      cursorAt: (index) => encodeCursor(LIST, [shown[index]?.id ?? 0n]),
    };
  },
} satisfies QueryResolvers;

function toId(cursor: string): bigint {
  const [id] = decodeCursor(LIST, cursor, ['bigint']);
  return BigInt(id ?? 0n);
}

export const AuditLineConnection = {
  ...connectionFields<AuditedRow>(),
  nodes: ({ rows }) => rows.map(({ line }) => line),
} satisfies AuditLineConnectionResolvers;

export const AuditLineEdge = {
  cursor: cursorOf,
  node: (row) => rowOf(row).line,
} satisfies AuditLineEdgeResolvers;

export const AuditLine = {
  time: ({ time }) => BigInt(Date.parse(time)),
} satisfies AuditLineResolvers;

export const AuditNode = {
  databaseId: ({ id }) => id,
} satisfies AuditNodeResolvers;
