import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { post } from '../harness.ts';
import { addressOf, logLines, type ProcessOptions, run, start } from '../process.ts';
import { type Collector, type OtlpSpan, startCollector } from './collector.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const QUERY = 'query Models { registeredModels { nodes { name versions { nodes { name } } } } }';
const CREATE = 'mutation { createRegisteredModel(input: { name: "a" }) { registeredModel { id } } }';

describe('a trace', () => {
  test('goes from the operation over the batches of loaders to the calls of the store', async () => {
    await using collector = await startCollector();
    await served(['--trace-otlp', collector.url], async (url) => {
      await post(url, { query: CREATE });
      const traceparent = `00-${TRACE}-${PARENT}-01`;
      await post(url, { query: QUERY }, { traceparent, 'x-request-id': 'known' });
    });
    const spans = collector.spans.filter(({ traceId }) => traceId === TRACE);
    const tree = treeOf(spans, PARENT);
    expect(tree).toEqual([{ query: [{ GetContextsByType: [] }, { 'load groups': [{ ChildrenOfContexts: [] }] }] }]);
    const root = spans.find(({ parentSpanId }) => parentSpanId === PARENT);
    expect(root).toMatchObject({ kind: 2 });
    expect(factsOf(root)).toEqual({
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Models',
      'modelgraph.request_id': 'known',
    });
    expect(spans.filter(({ kind }) => kind === 1)).toHaveLength(spans.length - 1);
    expect(factsOf(spans.find(({ name }) => name === 'ChildrenOfContexts'))).toEqual({ 'modelgraph.size': '1' });
    for (const span of spans) expect(isWithinParent(span, spans), span.name).toBe(true);
    const others = new Set(collector.spans.map(({ traceId }) => traceId).filter((id) => id !== TRACE));
    expect(others.size).toBe(1);
    expect([...others][0]).toMatch(/^[\da-f]{32}$/);
    expect(collector.resources[0]).toMatchObject({
      attributes: expect.arrayContaining([{ key: 'service.name', value: { stringValue: 'modelgraph' } }]),
    });
  });

  test('tells failures by their codes, of REST too, and no text of anybody', async () => {
    await using collector = await startCollector();
    await served(['--trace-otlp', collector.url, '--mlmd', '127.0.0.1:9'], async (url) => {
      const response = await fetch(`${url}/api/model_registry/v1/registered_models/4711?name=canary`);
      expect(response.status).toBe(503);
    });
    expect(collector.spans.map(({ name, status }) => [name, status])).toEqual(
      expect.arrayContaining([
        ['query', { code: 2, message: 'BACKEND_UNAVAILABLE' }],
        ['load nodes', { code: 2, message: 'UNAVAILABLE' }],
        ['GetContextsByID', { code: 2, message: 'UNAVAILABLE' }],
      ]),
    );
    expect(JSON.stringify(collector.spans)).not.toContain('canary');
  });

  test('is not kept where the caller keeps none', async () => {
    await using collector = await startCollector();
    await served(['--trace-otlp', collector.url], async (url) => {
      const { status } = await post(url, { query: QUERY }, { traceparent: `00-${TRACE}-${PARENT}-00` });
      expect(status).toBe(200);
    });
    expect(collector.spans).toEqual([]);
  });

  test('is sent where the environment says, and nowhere without it', async () => {
    await using collector = await startCollector();
    const ask = async (url: string) => void (await post(url, { query: QUERY }));
    await served([], ask);
    expect(collector.spans).toEqual([]);
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=a',
      OTEL_RESOURCE_ATTRIBUTES: 'k8s.namespace.name=ml',
    };
    await served([], ask, { env });
    expect(namesOf(collector)).toContain('query');
    expect(collector.headers[0]).toMatchObject({ 'x-tenant': 'a' });
    expect(JSON.stringify(collector.resources[0])).toContain(
      '{"key":"k8s.namespace.name","value":{"stringValue":"ml"}}',
    );
  });

  test('that nobody takes is lost, with a line in the log, and the request is not', async () => {
    const stderr = await served(['--trace-otlp', 'http://127.0.0.1:9'], async (url) => {
      expect((await post(url, { query: QUERY })).status).toBe(200);
    });
    expect(logLines(stderr).map(({ msg }) => msg)).toContain('spans were lost: the collector did not take them');
  });

  test('has to have an address to go to', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-traces-'));
    const ended = await run(['serve', '--port', '0', '--trace-otlp', 'localhost:4318'], { cwd: folder.path });
    expect([ended.code, ended.stderr]).toEqual([
      2,
      "modelgraph: 'localhost:4318' is no address of a collector, such as http://localhost:4318.\n",
    ]);
  });
});

/** Serves, does the work and stops; what was not sent before is sent then. Gives stderr. */
async function served(flags: readonly string[], work: (url: string) => Promise<void>, options: ProcessOptions = {}) {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-traces-'));
  await using server = start(['serve', '--port', '0', ...flags], { cwd: folder.path, ...options });
  await work(await addressOf(server));
  server.kill('SIGTERM');
  expect(await server.ended()).toBe(0);
  return server.stderr;
}

type Tree = readonly { readonly [name: string]: Tree }[];

/** Spans below one, by their names, in the order in which they began. */
function treeOf(spans: readonly OtlpSpan[], parent: string): Tree {
  return spans
    .filter(({ parentSpanId }) => parentSpanId === parent)
    .sort((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)))
    .map(({ name, spanId }) => ({ [name]: treeOf(spans, spanId) }));
}

function isWithinParent(span: OtlpSpan, spans: readonly OtlpSpan[]): boolean {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId) ?? span;
  const [begun, ended] = [BigInt(span.startTimeUnixNano), BigInt(span.endTimeUnixNano)];
  const inTime = BigInt(parent.startTimeUnixNano) <= begun && ended <= BigInt(parent.endTimeUnixNano);
  return inTime && begun <= ended;
}

function factsOf(span: OtlpSpan | undefined): Record<string, string | undefined> {
  return Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, String(Object.values(value)[0])]));
}

function namesOf({ spans }: Collector): string[] {
  return spans.map(({ name }) => name);
}
