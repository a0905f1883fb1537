import type { FastifyInstance, FastifyRequest } from 'fastify';

import { RegistryError } from './errors.ts';

/** What a browser calls this machine, and no name server of a stranger's can. */
const LOOPBACK_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses requests that a foreign web page made a browser send: any with another page's Origin, writes that the browser
 * itself calls cross-site, and, on loopback, any with a foreign Host (DNS rebinding).
 */
export function guardOrigins(app: FastifyInstance, options: { readonly loopback: boolean }): void {
  app.addHook('onRequest', async (request) => {
    const problem = originProblem(request, options.loopback);
    if (problem) throw new RegistryError('PERMISSION_DENIED', problem);
  });
}

function originProblem({ headers, method }: FastifyRequest, loopback: boolean): string | undefined {
  const host = toUrl(`http://${headers.host ?? ''}`);
  if (loopback && !LOOPBACK_HOST.test(host?.hostname ?? '')) {
    return 'The Host header is not one of this gateway: use localhost, 127.0.0.1 or [::1].';
  }
  if (headers.origin !== undefined && (!host || toUrl(headers.origin)?.host !== host.host)) {
    return 'Requests from pages of another origin are refused.';
  }
  if (!SAFE_METHODS.has(method) && headers['sec-fetch-site'] === 'cross-site') {
    return 'Writes from pages of another site are refused.';
  }
  return undefined;
}

function toUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
