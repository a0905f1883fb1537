import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Attributes,
  type Context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  SpanKind,
  type Tracer as SpanMaker,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { hrTime, W3CTraceContextPropagator } from '@opentelemetry/core';

/** A piece of work, as it is to be told. */
export interface Work<Result> {
  readonly name: string;
  readonly attributes: Attributes;
  run(): Promise<Result>;
  /** The code of the failure that a result, or what was thrown, is; undefined for none. */
  failureOf(result: NoInfer<Result> | undefined, error?: unknown): string | undefined;
}

/** Follows requests through their parts. */
export interface Tracer {
  /** Does what a caller has asked for, as a part of the trace that its `traceparent` names, or of a new one. */
  begin<Result>(traceparent: string | undefined, work: Work<Result>): Promise<Result>;
  /** Does a part of what is under way; outside of any trace it is only done. */
  within<Result>(work: Work<Result>): Promise<Result>;
}

/** A tracer of these spans. What is under way it knows itself, and not by OpenTelemetry's globals. */
export function createTracer(spans: SpanMaker): Tracer {
  const current = new AsyncLocalStorage<Context>();
  const propagator = new W3CTraceContextPropagator();

  async function follow<Result>(parent: Context, kind: SpanKind, work: Work<Result>): Promise<Result> {
    // Times of one clock: the default of a beginning is one of whole milliseconds, and parts would end after the whole.
    const span = spans.startSpan(work.name, { kind, attributes: work.attributes, startTime: hrTime() }, parent);
    const end = (failure: string | undefined) => {
      if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
      span.end(hrTime());
    };
    try {
      const result = await current.run(trace.setSpan(parent, span), () => work.run());
      end(work.failureOf(result));
      return result;
    } catch (error) {
      end(work.failureOf(undefined, error));
      throw error;
    }
  }

  return {
    begin: (traceparent, work) =>
      follow(propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter), SpanKind.SERVER, work),
    within(work) {
      const parent = current.getStore();
      return parent ? follow(parent, SpanKind.INTERNAL, work) : work.run();
    },
  };
}
