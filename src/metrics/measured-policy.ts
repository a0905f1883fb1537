import type { Policy } from '../auth/policy.ts';
import { registryErrorIn } from '../errors.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';

/** A policy whose answers are counted: who was known, who was refused, what could not be found out. */
export function measuredPolicy(
  policy: Policy,
  { authentications, decisions }: Pick<GatewayMetrics, 'authentications' | 'decisions'>,
): Policy {
  const { authenticate, decide } = policy;
  return {
    ...policy,
    async authenticate(credentials) {
      try {
        const caller = await authenticate(credentials);
        authentications.inc({ result: 'known' });
        return caller;
      } catch (error) {
        authentications.inc({ result: isRefusal(error) ? 'refused' : 'failed' });
        throw error;
      }
    },
    ...(decide && {
      async decide(question) {
        try {
          const may = await decide(question);
          decisions.inc({ result: may ? 'allowed' : 'denied' });
          return may;
        } catch (error) {
          decisions.inc({ result: 'failed' });
          throw error;
        }
      },
    }),
  };
}

function isRefusal(error: unknown): boolean {
  const code = registryErrorIn(error)?.code;
  return code === 'UNAUTHENTICATED' || code === 'PERMISSION_DENIED';
}
