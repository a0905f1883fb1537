import { outcomeOf } from '../metrics/outcome.ts';
import { aroundCalls } from '../mlmd/around-calls.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
import type { Tracer } from './tracer.ts';

/** A store each of whose calls is a part of the trace of the request that makes it. */
export function tracedStore(store: MetadataStore, tracer: Tracer): MetadataStore {
  return aroundCalls(store, ({ name, size }, make) =>
    tracer.within({ name, attributes: { 'modelgraph.size': size() }, run: make, failureOf }),
  );
}

/** What makes the batches of loaders parts of the trace. */
export function tracedBatches(tracer: Tracer): NonNullable<Call['batch']> {
  return (name, size, work) =>
    tracer.within({ name: `load ${name}`, attributes: { 'modelgraph.size': size }, run: work, failureOf });
}

function failureOf(_result: unknown, error?: unknown): string | undefined {
  return error === undefined ? undefined : outcomeOf(error);
}
