import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NoopSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { Registry } from 'prom-client';

import { OPEN_POLICY } from '../src/auth/open-policy.ts';
import { createGatewayMetrics } from '../src/metrics/gateway-metrics.ts';
import { measuredPolicy } from '../src/metrics/measured-policy.ts';
import { measuredStore } from '../src/metrics/measured-store.ts';
import { openStore } from '../src/mlmd/open.ts';
import { createLog } from '../src/observe.ts';
import { type GatewayOptions, startGateway } from '../src/server.ts';
import { tracedStore } from '../src/traces/traced-store.ts';
import { createTracer } from '../src/traces/tracer.ts';
import { BASE, type Sent } from './rest/cases.ts';
import { connections, send } from './rest/load.ts';
import { measure, ownContender } from './rounds.ts';
import { milliseconds, printTable, printTitle, times } from './table.ts';

/** What it costs to be watched: the same requests to gateways over one store, of which some are measured. */

using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-bench-'));
const { store } = await openStore({ db: join(folder.path, 'bench.sqlite') });
const log = createLog('silent');
const base = { store, policy: OPEN_POLICY, log, host: '127.0.0.1', port: 0, loopback: true, timeoutMs: 10_000 };
const metrics = createGatewayMetrics(new Registry());

// Spans are made and thrown away.
const provider = new TracerProvider({ spanProcessors: [new NoopSpanProcessor()] });
const tracer = createTracer(provider.getTracer('bench'));

const WAYS: readonly (readonly [name: string, options: GatewayOptions])[] = [
  ['unwatched', base],
  [
    'with metrics',
    { ...base, metrics, store: measuredStore(store, metrics), policy: measuredPolicy(OPEN_POLICY, metrics) },
  ],
  ['with traces', { ...base, tracer, store: tracedStore(store, tracer) }],
];

const query =
  '{ registeredModels(first: 20) { nodes { name versions { nodes { name modelArtifacts { nodes { uri } } } } } } }';
const REQUESTS: readonly (readonly [name: string, sent: Sent])[] = [
  ['REST, model by id', ['GET', `${BASE}/registered_models/1`]],
  ['GraphQL, three levels', ['POST', '/graphql', JSON.stringify({ query })]],
];

const gateways = await Promise.all(WAYS.map(async ([name, options]) => ({ name, ...(await startGateway(options)) })));
await fill(gateways[0]?.url ?? '');
const agent = connections(1);
printTitle('bench:observe — embedded store, 20 models', 'CPU time of gateway and client, which are one process');
const rows: string[][] = [];
for (const [request, sent] of REQUESTS) {
  const [unwatched, ...watched] = await measure(
    gateways.map(({ name, url }) => ownContender(name, () => send(url, agent, sent))),
  );
  for (const { name, cpu } of unwatched ? [unwatched, ...watched] : []) {
    rows.push([`${request}, ${name}`, milliseconds(cpu), times(cpu / (unwatched?.cpu ?? cpu))]);
  }
}
printTable(['request', 'CPU ms', 'to unwatched'], rows);
agent.destroy();
await Promise.all(gateways.map(({ close }) => close()));
await store.close();

async function fill(url: string): Promise<void> {
  const post = (path: string, body: object) => send(url, writer, ['POST', `${BASE}/${path}`, JSON.stringify(body)]);
  const writer = connections(1);
  for (let model = 1; model <= 20; model += 1) {
    const { id } = JSON.parse(await post('registered_models', { name: `m${model}` }));
    for (const name of ['v1', 'v2', 'v3']) {
      const version = JSON.parse(await post('model_versions', { name, registeredModelId: id }));
      await post(`model_versions/${version.id}/artifacts`, {
        artifactType: 'model-artifact',
        name: `${id}${name}`,
        uri: 's3://x',
      });
    }
  }
  writer.destroy();
}
