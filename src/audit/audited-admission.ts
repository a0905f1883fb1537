import { randomUUID } from 'node:crypto';

import type { AdmitCall } from '../mlmd/serve/admit.ts';
import { createRequestAudit, type TakeLine } from './request-audit.ts';

/** The admission of RPCs that tells of each that it refuses: that came before anyone asked who the caller is. */
export function auditedAdmission(admit: AdmitCall, registry: string, record: TakeLine | undefined): AdmitCall {
  if (!record) return admit;
  return (asked) => {
    try {
      return admit(asked);
    } catch (error) {
      const address = asked.peer.replace(/:\d+$/, '') || null;
      const facts = { requestId: randomUUID(), caller: null, address, forwardedFor: null, registry } as const;
      const audit = createRequestAudit({ ...facts, door: 'GRPC', route: null }, record, () => undefined);
      const ended = audit.endedBy(error);
      if (ended.outcome === 'REFUSED') audit.emit(audit.line(asked.rpc, ended));
      throw error;
    }
  };
}
