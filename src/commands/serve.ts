import { RegistryError } from '../errors.ts';
import { openStore, type StoreOptions } from '../mlmd/open.ts';
import { createLog } from '../observe.ts';
import { type ListenOptions, listen } from './listen.ts';

/** The options of `serve`, as the command line has them. */
export interface ServeOptions extends ListenOptions {
  readonly db?: string;
  readonly mlmd?: string;
  readonly mlmdTls?: boolean;
  readonly mlmdCa?: string;
  readonly mlmdCert?: string;
  readonly mlmdKey?: string;
}

/** `modelgraph serve`: opens the store and serves it until a signal ends it. */
export async function serve(options: ServeOptions): Promise<void> {
  const log = createLog(options.logLevel);
  const opened = await openStore(toStoreOptions(options), () =>
    log.warn('connecting to the MLMD server took too long; trying anew'),
  );
  log.info(opened.description);
  await listen(opened.store, options, log, (url) => console.log(`ModelGraph is ready at ${url}/graphql`));
}

function toStoreOptions(options: ServeOptions): StoreOptions {
  const { mlmd, mlmdTls, mlmdCa: ca, mlmdCert: cert, mlmdKey: key } = options;
  const files = { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) };
  const hasFiles = Object.keys(files).length > 0;
  if (hasFiles && !mlmdTls) throw usage('--mlmd-ca, --mlmd-cert and --mlmd-key need --mlmd-tls.');
  if (mlmdTls && mlmd === undefined) throw usage('--mlmd-tls needs --mlmd HOST:PORT.');
  if (Boolean(cert) !== Boolean(key)) throw usage('--mlmd-cert and --mlmd-key go together.');
  if (mlmd === undefined) return { db: options.db ?? 'modelgraph.db' };
  return { mlmd, tls: mlmdTls ? files : undefined };
}

function usage(problem: string): RegistryError {
  return new RegistryError('INVALID_ARGUMENT', problem);
}
