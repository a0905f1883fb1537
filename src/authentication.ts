import type { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { type Access, openAccess } from './auth/access.ts';
import type { Credentials, PeerCertificate } from './auth/credentials.ts';
import { toPeerCertificate } from './auth/peer-certificate.ts';
import type { Policy } from './auth/policy.ts';
import { registryErrorIn } from './errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True for a route that shows nothing of the registry: nobody is asked who they are. */
    readonly open?: boolean;
  }
}

/**
 * Asks of every request who makes it, unless its route is open; 401 where that cannot be known, of which
 * `failedLogin` hears. Gives what the caller of a request may do; undefined where nobody was asked, or is known.
 */
export function authenticateRequests(
  app: FastifyInstance,
  policy: Policy,
  failedLogin: (request: FastifyRequest) => void,
): (request: FastifyRequest) => Access | undefined {
  const accesses = new WeakMap<FastifyRequest, Access>();
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.open) return;
    const credentials = toCredentials(request);
    try {
      accesses.set(request, await openAccess(policy, await policy.authenticate(credentials), credentials));
      for (const name of policy.identityHeaders ?? []) delete request.headers[name];
    } catch (error) {
      if (registryErrorIn(error)?.code === 'UNAUTHENTICATED') {
        failedLogin(request);
        const shown = credentials.values('authorization').length > 0;
        reply.header('www-authenticate', shown ? 'Bearer error="invalid_token"' : 'Bearer');
      }
      throw error;
    }
  });
  return (request) => accesses.get(request);
}

/** What a request tells of who makes it. */
export function toCredentials({ raw }: FastifyRequest): Credentials {
  const certificate = certificateOf(raw.socket as TLSSocket);
  return {
    // Of a repeated header `headers` has the first, or all as one text.
    values: (name) => raw.headersDistinct[name] ?? [],
    peer: { address: raw.socket.remoteAddress ?? '', ...(certificate && { certificate }) },
  };
}

/** Only a certificate that our authorities have signed. */
function certificateOf(socket: TLSSocket): PeerCertificate | undefined {
  if (!socket.authorized) return undefined;
  return toPeerCertificate(socket.getPeerCertificate());
}
