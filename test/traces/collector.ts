import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as OTLP's JSON has it. */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, string | number>> }[];
  readonly status?: { readonly code: number; readonly message: string };
}

/** A collector that keeps what it is sent. */
export interface Collector extends AsyncDisposable {
  readonly url: string;
  /** All spans so far. */
  readonly spans: readonly OtlpSpan[];
  /** The resources that they were of. */
  readonly resources: readonly unknown[];
  /** The headers that they came with. */
  readonly headers: readonly IncomingHttpHeaders[];
}

/** Starts one on a free port; it takes OTLP over HTTP, as JSON. */
export async function startCollector(): Promise<Collector> {
  const spans: OtlpSpan[] = [];
  const resources: unknown[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const isOtlp = request.url === '/v1/traces' && request.headers['content-type'] === 'application/json';
    if (!isOtlp) return void response.writeHead(404).end();
    headers.push(request.headers);
    for (const { resource, scopeSpans } of JSON.parse(Buffer.concat(chunks).toString()).resourceSpans) {
      resources.push(resource);
      for (const scope of scopeSpans) spans.push(...scope.spans);
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    resources,
    headers,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
