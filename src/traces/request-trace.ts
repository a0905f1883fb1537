import type { ExecutionResult, OperationDefinitionNode } from 'graphql';

import type { Call } from '../mlmd/store.ts';
import { tracedBatches } from './traced-store.ts';
import type { Tracer } from './tracer.ts';

/** Follows what one request does. */
export interface RequestTrace {
  /** Runs the operation as the first span. */
  operation(definition: OperationDefinitionNode, run: () => Promise<ExecutionResult>): Promise<ExecutionResult>;
  readonly batch: NonNullable<Call['batch']>;
}

/** Makes the trace of a request that came with this `traceparent`, if with any. */
export function createRequestTraces(tracer: Tracer): (traceparent: string | undefined, id: string) => RequestTrace {
  const batch = tracedBatches(tracer);
  return (traceparent, id) => ({
    batch,
    operation({ operation, name }, run) {
      const attributes = {
        'graphql.operation.type': operation,
        ...(name && { 'graphql.operation.name': name.value }),
        'modelgraph.request_id': id,
      };
      return tracer.begin(traceparent, { name: operation, attributes, run, failureOf });
    },
  });
}

function failureOf(result: ExecutionResult | undefined): string | undefined {
  if (result === undefined) return 'INTERNAL_SERVER_ERROR';
  const [first] = result.errors ?? [];
  return first && String(first.extensions['code'] ?? 'BAD_REQUEST');
}
