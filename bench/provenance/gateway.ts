import { OPEN_POLICY } from '../../src/auth/open-policy.ts';
import { openStore } from '../../src/mlmd/open.ts';
import { createLog } from '../../src/observe.ts';
import { startGateway } from '../../src/server.ts';
import { reportCpu } from '../measured-server.ts';

/** The gateway as `serve` starts it, without its log: over `db FILE` or over `mlmd HOST:PORT`. */
const [option = '', value = ''] = process.argv.slice(2);
const { store } = await openStore(option === 'db' ? { db: value } : { mlmd: value });
const gateway = await startGateway({
  store,
  host: '127.0.0.1',
  port: 0,
  loopback: true,
  policy: OPEN_POLICY,
  timeoutMs: 30_000,
  log: createLog('silent'),
});
reportCpu(`${gateway.url}/graphql`);
