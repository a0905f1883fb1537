import { monitorEventLoopDelay } from 'node:perf_hooks';
import { OPEN_POLICY } from '../../src/auth/open-policy.ts';
import { openStore } from '../../src/mlmd/open.ts';
import { serveMetadata } from '../../src/mlmd/serve.ts';
import { createLog } from '../../src/observe.ts';
import { startGateway } from '../../src/server.ts';
import type { Delay } from './child.ts';

/** GraphQL and gRPC over one store, as `serve --grpc-port` has them; tells its event loop's delay since it was last asked. */
const [db = ''] = process.argv.slice(2);
const { store } = await openStore({ db });
const log = createLog('silent');
const host = '127.0.0.1';
const gateway = await startGateway({
  store,
  host,
  port: 0,
  loopback: true,
  policy: OPEN_POLICY,
  timeoutMs: 30_000,
  log,
});
const { port } = await serveMetadata({ store, host, port: 0, onFailure: (rpc, error) => console.error(rpc, error) });
const histogram = monitorEventLoopDelay({ resolution: 1 });
histogram.enable();
process.on('message', () => {
  process.send?.(toDelay(histogram));
  histogram.reset();
});
process.on('disconnect', () => process.exit());
process.send?.({ url: gateway.url, address: `${host}:${port}` });

function toDelay(measured: typeof histogram): Delay {
  const milliseconds = (nanoseconds: number) => nanoseconds / 1e6;
  return {
    p50: milliseconds(measured.percentile(50)),
    p99: milliseconds(measured.percentile(99)),
    max: milliseconds(measured.max),
  };
}
