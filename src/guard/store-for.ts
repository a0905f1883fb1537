import { randomUUID } from 'node:crypto';

import { factsOf } from '../audit/audit-caller.ts';
import { auditedRpcs } from '../audit/audited-rpcs.ts';
import { createRequestAudit, type TakeLine } from '../audit/request-audit.ts';
import { type Access, openAccess } from '../auth/access.ts';
import type { Credentials } from '../auth/credentials.ts';
import type { Policy } from '../auth/policy.ts';
import type { RequestAudit } from '../domain/audit-line.ts';
import type { StoreFor } from '../mlmd/serve/store-for.ts';
import type { MetadataStore } from '../mlmd/store.ts';
import { guardStore } from './guard-store.ts';
import { ruledRpcs } from './rpc-rules.ts';

/**
 * The store as callers of its RPCs get to see it: known by the policy, each RPC by its rule, each node by its own. `record`
 * takes lines of audit.
 */
export function storeForCallers(store: MetadataStore, policy: Policy, record?: TakeLine): StoreFor {
  const guarded = guardStore(store);
  return async (credentials, rpc, known) => {
    const access = await accessFor(policy, credentials, rpc, { record, known });
    const view = guarded(access);
    const ruled = access.unbounded ? view : { ...view, ...ruledRpcs(view, access) };
    const audit = record && auditFor(policy, credentials, access, record);
    return audit ? { ...ruled, ...auditedRpcs(ruled, audit) } : ruled;
  };
}

async function accessFor(
  policy: Policy,
  credentials: Credentials,
  rpc: string,
  { record, known }: { readonly record: TakeLine | undefined; readonly known: Parameters<StoreFor>[2] },
): Promise<Access> {
  let access: Access | undefined;
  try {
    access = await openAccess(policy, await policy.authenticate(credentials), credentials);
    known?.(access.caller);
    return access;
  } catch (error) {
    const audit = record && auditFor(policy, credentials, access, record);
    const ended = audit?.endedBy(error);
    if (audit && ended?.outcome === 'REFUSED') audit.emit(audit.line(rpc, ended));
    throw error;
  }
}

function auditFor(
  { registry }: Policy,
  credentials: Credentials,
  access: Access | undefined,
  record: TakeLine,
): RequestAudit {
  const requestId = credentials.values('x-request-id').find((id) => /^[\w.:-]{1,128}$/.test(id)) ?? randomUUID();
  const came = { requestId, door: 'GRPC', route: null, registry } as const;
  return createRequestAudit(factsOf(came, credentials, access), record, () => undefined);
}
