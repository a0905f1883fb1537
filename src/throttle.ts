import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Access } from './auth/access.ts';
import { RegistryError } from './errors.ts';
import { createBuckets } from './limits/buckets.ts';
import { createInFlight } from './limits/in-flight.ts';
import type { Limits } from './limits/limits.ts';
import { addressKey, payerOf } from './limits/payer.ts';
import { createPurse, type Purse } from './limits/purse.ts';
import { TOO_MANY_LOGINS } from './limits/too-many-logins.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True for a route that answers however much else there is to do. */
    readonly always?: boolean;
  }
}

/** The limits of a gateway, as its parts ask for them. */
export interface Throttle {
  /** What a request pays from; undefined where callers have no buckets. */
  purseOf(request: FastifyRequest, access: Access): Purse | undefined;
  /** Counts a login that failed. RATE_LIMITED where too many came from this address. */
  readonly failedLogin: (request: FastifyRequest) => void;
}

/** Refuses requests beyond the limits, and tells in headers what is left of them. */
export function throttle(app: FastifyInstance, limits: Limits): Throttle {
  const bucketsOf = (rate: Limits['cost']) => rate && createBuckets(rate);
  const callers = { cost: bucketsOf(limits.cost), changes: bucketsOf(limits.changes) };
  const logins = bucketsOf(limits.failedLogins);
  const purses = new WeakMap<FastifyRequest, Purse>();
  capInFlight(app, limits.maxInFlight);
  app.addHook('onSend', async (request, reply) => tellLimits(purses.get(request), reply));

  return {
    purseOf(request, access) {
      if (!callers.cost && !callers.changes) return undefined;
      const purse = createPurse(callers, payerOf(access.caller, addressOf(request)));
      purses.set(request, purse);
      return purse;
    },
    failedLogin(request) {
      if (!logins || logins.take(addressKey(addressOf(request)), 1)) return;
      throw new RegistryError('RATE_LIMITED', TOO_MANY_LOGINS);
    },
  };
}

/** Counts a request from when it is here whole until its answer is made: who sends or reads slowly takes nobody's place. */
function capInFlight(app: FastifyInstance, most: number): void {
  const begin = createInFlight(most);
  const ends = new WeakMap<FastifyRequest, () => void>();
  app.addHook('preHandler', async (request, reply) => {
    if (request.routeOptions.config.always) return;
    const end = begin();
    ends.set(request, end);
    reply.raw.once('close', end);
  });
  app.addHook('onSend', async (request) => ends.get(request)?.());
}

function tellLimits(purse: Purse | undefined, reply: FastifyReply): void {
  if (purse) reply.headers(purse.headers());
  const retryAfter = purse?.retryAfter();
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
  else if (reply.statusCode === 429) reply.header('retry-after', '60');
  else if (reply.statusCode === 503) reply.header('retry-after', '1');
}

function addressOf({ raw }: FastifyRequest): string {
  return raw.socket.remoteAddress ?? '';
}
