import type { Tracer as SpanMaker } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';

/** Where spans go, and as whose. */
export interface ExportOptions {
  /** The base address of a collector, such as `http://localhost:4318`. */
  readonly url: string;
  readonly version: string;
  onFailure(error: unknown): void;
}

/** Spans that are sent on as they end, some at a time. */
export interface SpanExport {
  readonly spans: SpanMaker;
  /** Sends what is left. */
  close(): Promise<void>;
}

/** How long spans are tried to be sent, and the end of the process may wait for them, in milliseconds. */
const TIMEOUT_MS = 5_000;

/** Spans that wait at most; those that come then are lost, for a collector that is away must not fill the memory. */
const MOST = 8_192;

/** Sends spans by OTLP over HTTP, as JSON. */
export function exportOtlp({ url, version, onFailure }: ExportOptions): SpanExport {
  const sent = new OTLPTraceExporter({ url: `${url.replace(/\/$/, '')}/v1/traces`, timeoutMillis: TIMEOUT_MS });
  const processor = new BatchSpanProcessor({
    exporter: tellingFailures(sent, onFailure),
    maxQueueSize: MOST,
    scheduledDelayMillis: 1_000,
  });
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': 'modelgraph', 'service.version': version }))
    .merge(detectResources({ detectors: [envDetector] }));
  const provider = new TracerProvider({ resource, spanProcessors: [processor] });
  return {
    spans: provider.getTracer('modelgraph', version),
    // What could not be sent was told.
    close: () => provider.shutdown().catch(() => {}),
  };
}

/** OpenTelemetry tells failures to a global of its own. */
function tellingFailures(exporter: SpanExporter, onFailure: ExportOptions['onFailure']): SpanExporter {
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.error) onFailure(result.error);
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}
