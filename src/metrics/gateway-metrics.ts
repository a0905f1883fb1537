import { type Counter, createCounter, createGauge } from './counter.ts';
import type { Family } from './family.ts';
import { CALLS, createHistogram, type Histogram, SECONDS } from './histogram.ts';

/** What is counted of a gateway and of its store, each by the labels that its description names. */
export interface GatewayMetrics {
  readonly requests: Counter;
  readonly requestSeconds: Histogram;
  readonly inFlight: Counter;
  readonly errors: Counter;
  readonly storeCalls: Histogram;
  readonly callSeconds: Histogram;
  readonly authentications: Counter;
  readonly decisions: Counter;
  readonly answers: Counter;
}

/** The metrics of a gateway, all at zero. */
export function createGatewayMetrics(): GatewayMetrics {
  return {
    requests: createCounter({
      name: 'modelgraph_requests_total',
      help: 'Requests that have ended.',
      labels: ['door', 'operation', 'code'],
    }),
    requestSeconds: createHistogram(
      {
        name: 'modelgraph_request_duration_seconds',
        help: 'Time from the head of a request to the end of its answer.',
        labels: ['door', 'operation'],
      },
      SECONDS,
    ),
    inFlight: createGauge({
      name: 'modelgraph_requests_in_flight',
      help: 'Requests that have begun and not ended.',
      labels: ['door'],
    }),
    errors: createCounter({
      name: 'modelgraph_errors_total',
      help: 'Errors that callers were told.',
      labels: ['door', 'code'],
    }),
    storeCalls: createHistogram(
      {
        name: 'modelgraph_request_store_calls',
        help: 'Store calls that one request to GraphQL or REST made.',
        labels: ['door', 'operation'],
      },
      CALLS,
    ),
    callSeconds: createHistogram(
      {
        name: 'modelgraph_store_call_duration_seconds',
        help: 'Time that a call of the store took, and how it ended.',
        labels: ['call', 'code'],
      },
      SECONDS,
    ),
    authentications: createCounter({
      name: 'modelgraph_authentications_total',
      help: 'Requests of which it was asked who makes them.',
      labels: ['result'],
    }),
    decisions: createCounter({
      name: 'modelgraph_auth_decisions_total',
      help: 'Questions whether a caller may do something.',
      labels: ['result'],
    }),
    answers: createCounter({
      name: 'modelgraph_auth_answers_total',
      help: 'Answers on callers by who is asked over a network, and where they came from.',
      labels: ['about', 'from'],
    }),
  };
}

/** All of them, in the order in which they are told. */
export function familiesOf(metrics: GatewayMetrics): readonly Family[] {
  return Object.values(metrics);
}
