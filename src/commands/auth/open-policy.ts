import type { Logger } from 'pino';

import type { Clock, OnAnswer } from '../../auth/answer-cache.ts';
import { authenticateBy } from '../../auth/authenticate-by.ts';
import type { Mode } from '../../auth/mode.ts';
import type { Policy } from '../../auth/policy.ts';
import { checkAuthOptions } from './check-options.ts';
import { MAKE_DECIDER } from './deciders.ts';
import { MODES } from './modes.ts';
import type { AuthOptions } from './options.ts';
import { type AnswerAbout, createAuthParts } from './parts.ts';

/** A policy, with what it holds open. */
export interface OpenedPolicy extends Disposable {
  readonly policy: Policy;
}

/** What a policy is made of. */
export interface PolicyOptions {
  /** Where the gateway listens. */
  readonly host: string;
  readonly options: AuthOptions;
  readonly log: Logger;
  readonly clock?: Clock;
  /** Hears of answers by who is asked over a network. */
  readonly onAnswer?: ((about: AnswerAbout) => OnAnswer) | undefined;
}

/** Makes the policy that the options mean. INVALID_ARGUMENT for options, or files that they name, that cannot be used. */
export async function openPolicy({ host, options, log, clock = now, onAnswer }: PolicyOptions): Promise<OpenedPolicy> {
  const { modes, decider } = checkAuthOptions(host, options);
  const parts = createAuthParts({ options, log, clock, onAnswer: (about) => onAnswer?.(about) });
  using stack = new DisposableStack();
  const chosen: Mode[] = [];
  for (const mode of modes) {
    if (mode !== 'none') chosen.push(await MODES[mode](parts));
  }
  const authenticate = authenticateBy({ modes: chosen, anonymous: modes.includes('none') });
  const decide = decider && (await MAKE_DECIDER[decider](parts, stack));
  const identityHeaders = ['authorization', options.proxyUserHeader, options.proxyGroupsHeader];
  const kept = stack.move();
  return {
    policy: { registry: options.registry, authenticate, identityHeaders, ...(decide && { decide }) },
    [Symbol.dispose]: () => kept.dispose(),
  };
}

/** Only goes forward, whatever becomes of the time of day. */
function now(): number {
  return performance.now();
}
