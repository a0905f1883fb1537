import { missingRight } from '../auth/missing-right.ts';
import { permissionName } from '../auth/permission.ts';
import type { AuditLine, Ended, Outcome, RequestAudit } from '../domain/audit-line.ts';
import { ERROR_TABLE, type ErrorCode, registryErrorIn } from '../errors.ts';

/** What all lines of a request have. */
export type RequestFacts = Omit<AuditLine, 'time' | 'action' | 'right' | 'nodes' | 'moreNodes' | 'outcome' | 'codes'>;

/** Takes lines; `kept` where the store has them already. */
export type TakeLine = (line: AuditLine, kept: boolean) => void;

const MAX_NODES = 100;

/** The audit of a request of which this is known. `rightOf` says what an action needs, where that is always the same. */
export function createRequestAudit(
  facts: RequestFacts,
  record: TakeLine,
  rightOf: (action: string) => string | undefined,
): RequestAudit {
  let refused = false;
  return {
    line: (action, { nodes = [], outcome, codes = [], right = rightOf(action) }) => ({
      time: new Date().toISOString(),
      ...facts,
      action,
      right: right ?? null,
      nodes: nodes.slice(0, MAX_NODES),
      moreNodes: Math.max(0, nodes.length - MAX_NODES),
      outcome,
      codes,
    }),
    emit(line, kept = false) {
      refused ||= line.outcome === 'REFUSED';
      record(line, kept);
    },
    endedBy,
    hasRefused: () => refused,
  };
}

/** What became of an action that threw. */
function endedBy(error: unknown): Ended {
  const code = registryErrorIn(error)?.code ?? 'INTERNAL';
  const permission = missingRight(error);
  return {
    outcome: OUTCOME_OF[code] ?? 'FAILED',
    codes: [ERROR_TABLE[code].extension],
    ...(permission && { right: permissionName(permission) }),
  };
}

/** All others failed. */
const OUTCOME_OF: { readonly [Code in ErrorCode]?: Outcome } = {
  PERMISSION_DENIED: 'REFUSED',
  UNAUTHENTICATED: 'REFUSED',
  RATE_LIMITED: 'REFUSED',
  INVALID_ARGUMENT: 'REJECTED',
  MISSING_FIELD: 'REJECTED',
  OUT_OF_RANGE: 'REJECTED',
  NOT_FOUND: 'REJECTED',
  ALREADY_EXISTS: 'REJECTED',
  FAILED_PRECONDITION: 'REJECTED',
  READ_ONLY: 'REJECTED',
};
