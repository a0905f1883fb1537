import type { Attributes, Span } from './span.ts';

/** Where spans go, and as whose. */
export interface ExportOptions {
  /** The base address of a collector, such as `http://localhost:4318`. */
  readonly url: string;
  readonly version: string;
  onFailure(error: unknown): void;
}

/** Takes spans and sends them on, some at a time. */
export interface SpanExport {
  take(span: Span): void;
  /** Sends what is left. */
  close(): Promise<void>;
}

/** How long a span waits for others, in milliseconds. */
const PAUSE_MS = 1_000;

/** Spans that wait at most; those that come then are lost, for a collector that is away must not fill the memory. */
const MOST = 8_192;

const TIMEOUT_MS = 10_000;

/** Sends spans by OTLP over HTTP, as JSON. */
export function exportOtlp({ url, version, onFailure }: ExportOptions): SpanExport {
  const target = `${url.replace(/\/$/, '')}/v1/traces`;
  let waiting: Span[] = [];
  let timer: NodeJS.Timeout | undefined;
  let sending = Promise.resolve();

  async function send(spans: readonly Span[]): Promise<void> {
    try {
      const body = JSON.stringify(toRequest(spans, version));
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(target, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`the collector answered ${response.status}`);
    } catch (error) {
      onFailure(error);
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const spans = waiting;
    waiting = [];
    if (spans.length > 0) sending = sending.then(() => send(spans));
    return sending;
  }

  return {
    take(span) {
      if (waiting.length >= MOST) return;
      waiting.push(span);
      timer ??= setTimeout(flush, PAUSE_MS).unref();
    },
    close: flush,
  };
}

/** An ExportTraceServiceRequest, as protobuf's JSON has it: 64-bit numbers are texts. */
function toRequest(spans: readonly Span[], version: string): object {
  const resource = { attributes: toKeyValues({ 'service.name': 'modelgraph', 'service.version': version }) };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'modelgraph' }, spans: spans.map(toOtlp) }] }] };
}

/** Numbers of SpanKind and of Status.StatusCode. */
const KIND = { internal: 1, server: 2 } as const;
const ERROR = 2;

function toOtlp({ traceId, spanId, parentId, name, server, begun, ended, attributes, failure }: Span): object {
  return {
    ...{ traceId, spanId, ...(parentId !== undefined && { parentSpanId: parentId }), name },
    kind: server ? KIND.server : KIND.internal,
    startTimeUnixNano: String(begun),
    endTimeUnixNano: String(ended),
    attributes: toKeyValues(attributes),
    ...(failure !== undefined && { status: { code: ERROR, message: failure } }),
  };
}

function toKeyValues(attributes: Attributes): readonly object[] {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }));
}
