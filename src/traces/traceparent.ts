import type { SpanContext } from './span.ts';

/** What a caller says of the trace that the request is a part of. */
export interface Traceparent extends SpanContext {
  /** False where the caller keeps no trace of it. */
  readonly sampled: boolean;
}

/** A `traceparent` header of the W3C's; undefined for what is none, which is to be taken for absent. */
export function parseTraceparent(header: string | undefined): Traceparent | undefined {
  const [, version, traceId = '', spanId = '', flags = '', rest] =
    /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/.exec(header ?? '') ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
