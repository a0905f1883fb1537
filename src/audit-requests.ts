import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { factsOf } from './audit/audit-caller.ts';
import { createRequestAudit, type TakeLine } from './audit/request-audit.ts';
import type { Access } from './auth/access.ts';
import { toCredentials } from './authentication.ts';
import type { RequestAudit } from './domain/audit-line.ts';

/** What the audit of HTTP is made with. */
export interface AuditOptions {
  /** Absent: nothing is audited. */
  readonly record: TakeLine | undefined;
  readonly registry: string;
  /** What the caller of a request may do; undefined where nobody knows who it is. */
  readonly accessOf: (request: FastifyRequest) => Access | undefined;
  /** The right that a mutation needs. */
  readonly rightOf: (mutation: string) => string | undefined;
}

/** Statuses of requests that are refused as a whole, and what they are called. */
const REFUSED: Readonly<{ [Status in number]?: string }> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  429: 'RATE_LIMITED',
};

/** Writes a line of each request that was refused, unless one is written. Gives the audit of a request. */
export function auditRequests(
  app: FastifyInstance,
  options: AuditOptions,
): (request: FastifyRequest) => RequestAudit | undefined {
  const { record, rightOf } = options;
  if (!record) return () => undefined;
  const audits = new WeakMap<FastifyRequest, RequestAudit>();
  const auditOf = (request: FastifyRequest) => {
    const audit = audits.get(request) ?? createRequestAudit(toFacts(request, options), record, rightOf);
    audits.set(request, audit);
    return audit;
  };
  app.addHook('onResponse', async (request, reply: FastifyReply) => {
    const code = REFUSED[reply.statusCode];
    if (code === undefined || request.routeOptions.config.open) return;
    const audit = auditOf(request);
    if (!audit.hasRefused()) audit.emit(audit.line(routeOf(request), { outcome: 'REFUSED', codes: [code] }));
  });
  return auditOf;
}

function toFacts(request: FastifyRequest, { registry, accessOf }: AuditOptions) {
  const door = request.url.startsWith('/api/') ? 'REST' : 'GRAPHQL';
  const came = { requestId: request.id, door, route: routeOf(request), registry } as const;
  return factsOf(came, toCredentials(request), accessOf(request));
}

/** The pattern of the route: what stands in a path that is none of ours may be anything. */
function routeOf({ method, routeOptions }: FastifyRequest): string {
  return `${method} ${routeOptions.url ?? '(none)'}`;
}
