import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

import { SECONDS } from './seconds.ts';

/** What is counted of a gateway and of its store. Each label has few values, none of them a caller's own words. */
export interface GatewayMetrics {
  readonly requests: Counter<'door' | 'operation' | 'code'>;
  readonly requestSeconds: Histogram<'door' | 'operation'>;
  readonly inFlight: Gauge<'door'>;
  readonly errors: Counter<'door' | 'code'>;
  readonly storeCalls: Histogram<'door' | 'operation'>;
  readonly callSeconds: Histogram<'call' | 'code'>;
  readonly authentications: Counter<'result'>;
  readonly decisions: Counter<'result'>;
  readonly answers: Counter<'about' | 'from'>;
}

/** Bounds for how many calls one request makes. */
const CALLS = [1, 2, 3, 5, 8, 13, 21, 34, 55, 100, 250];

/** The metrics of a gateway, all at zero, which this registry tells. */
export function createGatewayMetrics(registry: Registry): GatewayMetrics {
  const registers = [registry];
  return {
    requests: new Counter({
      name: 'modelgraph_requests_total',
      help: 'Requests that have ended.',
      labelNames: ['door', 'operation', 'code'],
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'modelgraph_request_duration_seconds',
      help: 'Time from the head of a request to the end of its answer.',
      labelNames: ['door', 'operation'],
      buckets: SECONDS,
      registers,
    }),
    inFlight: new Gauge({
      name: 'modelgraph_requests_in_flight',
      help: 'Requests that have begun and not ended.',
      labelNames: ['door'],
      registers,
    }),
    errors: new Counter({
      name: 'modelgraph_errors_total',
      help: 'Errors that callers were told.',
      labelNames: ['door', 'code'],
      registers,
    }),
    storeCalls: new Histogram({
      name: 'modelgraph_request_store_calls',
      help: 'Store calls that one request to GraphQL or REST made.',
      labelNames: ['door', 'operation'],
      buckets: CALLS,
      registers,
    }),
    callSeconds: new Histogram({
      name: 'modelgraph_store_call_duration_seconds',
      help: 'Time that a call of the store took, and how it ended.',
      labelNames: ['call', 'code'],
      buckets: SECONDS,
      registers,
    }),
    ...policyMetrics(registers),
  };
}

function policyMetrics(registers: Registry[]): Pick<GatewayMetrics, 'authentications' | 'decisions' | 'answers'> {
  return {
    authentications: new Counter({
      name: 'modelgraph_authentications_total',
      help: 'Requests of which it was asked who makes them.',
      labelNames: ['result'],
      registers,
    }),
    decisions: new Counter({
      name: 'modelgraph_auth_decisions_total',
      help: 'Questions whether a caller may do something.',
      labelNames: ['result'],
      registers,
    }),
    answers: new Counter({
      name: 'modelgraph_auth_answers_total',
      help: 'Answers on callers by who is asked over a network, and where they came from.',
      labelNames: ['about', 'from'],
      registers,
    }),
  };
}
