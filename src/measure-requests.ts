import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Context } from './context.ts';
import { ERROR_TABLE, registryErrorIn } from './errors.ts';
import type { GatewayMetrics } from './metrics/gateway-metrics.ts';
import { toldCodeOf } from './metrics/outcome.ts';
import type { RequestTally } from './metrics/request-tally.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route is a part of; pages and probes are of neither. */
    readonly door?: 'graphql' | 'rest';
  }
}

/** What is counted of requests over HTTP. */
export interface RequestMeasures {
  /** What is counted of a request while it is worked on. */
  tallyOf(request: FastifyRequest): RequestTally | undefined;
  /** Counts the errors in GraphQL's answers. */
  readonly observer: ApolloServerPlugin<Context>;
}

/** Counts and times all requests, from the head to the last byte of the answer. To be called before routes are added. */
export function measureRequests(app: FastifyInstance, metrics: GatewayMetrics): RequestMeasures {
  const tallies = new WeakMap<FastifyRequest, RequestTally>();
  app.addHook('onRequest', (request, reply, done) => {
    const begun = performance.now();
    const door = doorOf(request);
    const tally = { operation: operationOf(request), calls: 0 };
    tallies.set(request, tally);
    metrics.inFlight.inc({ door });
    reply.raw.once('close', () => {
      const labels = { door, operation: tally.operation };
      metrics.inFlight.dec({ door });
      metrics.requests.inc({ ...labels, code: codeOf(reply) });
      metrics.requestSeconds.observe(labels, (performance.now() - begun) / 1_000);
      if (door !== 'web') metrics.storeCalls.observe(labels, tally.calls);
    });
    done();
  });
  app.addHook('onError', (request, _reply, error, done) => {
    metrics.errors.inc({ door: doorOf(request), code: codeOfError(error) });
    done();
  });
  return { tallyOf: (request) => tallies.get(request), observer: observeOperations(metrics) };
}

function doorOf({ routeOptions }: FastifyRequest): string {
  return routeOptions.config.door ?? 'web';
}

/** A route's method and pattern; what an operation of GraphQL is, is known later. */
function operationOf({ method, routeOptions }: FastifyRequest): string {
  const { url, config } = routeOptions;
  return url === undefined || config.door === 'graphql' ? 'none' : `${method} ${url}`;
}

/** Who hung up was sent no status. */
function codeOf({ raw, statusCode }: FastifyReply): string {
  return raw.writableFinished ? String(statusCode) : '499';
}

function codeOfError(error: Error & { readonly statusCode?: number }): string {
  const foreign = registryErrorIn(error) === undefined && (error.statusCode ?? 500) < 500;
  return foreign ? 'BAD_REQUEST' : toldCodeOf(error);
}

/** Codes of errors in answers: ours, and those of Apollo that pass. */
const CODES: ReadonlySet<unknown> = new Set([
  ...Object.values(ERROR_TABLE).map(({ extension }) => extension),
  ...['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'OPERATION_RESOLUTION_FAILURE', 'BAD_REQUEST'],
]);

function observeOperations({ errors }: Pick<GatewayMetrics, 'errors'>): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      async willSendResponse({ operation, response, contextValue }) {
        if (operation && contextValue.tally) contextValue.tally.operation = operation.operation;
        if (response.body.kind !== 'single') return;
        for (const { extensions } of response.body.singleResult.errors ?? []) {
          const code = extensions?.['code'];
          errors.inc({ door: 'graphql', code: CODES.has(code) ? String(code) : 'OTHER' });
        }
      },
    }),
  };
}
