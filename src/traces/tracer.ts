import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

import type { Attributes, Span, SpanContext } from './span.ts';
import { parseTraceparent } from './traceparent.ts';

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

/** A tracer that hands spans on as they end. */
export function createTracer(onEnd: (span: Span) => void): Tracer {
  const current = new AsyncLocalStorage<SpanContext>();

  async function follow<Result>(parent: Partial<SpanContext>, server: boolean, work: Work<Result>): Promise<Result> {
    const context = { traceId: parent.traceId ?? newId(16), spanId: newId(8) };
    const begun = now();
    const end = (failure: string | undefined) => {
      const { name, attributes } = work;
      onEnd({ ...context, parentId: parent.spanId, name, server, begun, ended: now(), attributes, failure });
    };
    try {
      const result = await current.run(context, () => work.run());
      end(work.failureOf(result));
      return result;
    } catch (error) {
      end(work.failureOf(undefined, error));
      throw error;
    }
  }

  return {
    begin(traceparent, work) {
      const parent = parseTraceparent(traceparent);
      return parent?.sampled === false ? work.run() : follow(parent ?? {}, true, work);
    },
    within(work) {
      const parent = current.getStore();
      return parent ? follow(parent, false, work) : work.run();
    },
  };
}

function newId(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

/** Nanoseconds since 1970, by a clock that only goes forward. */
function now(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e3)) * 1_000n;
}
