import { RegistryError } from '../errors.ts';
import { openStore, type StoreOptions } from '../mlmd/open.ts';

import { type GatewayOptions, gatewayDoor, grpcDoor } from './doors.ts';
import { listen } from './listen.ts';

/** The options of `serve`, as the command line has them. */
export interface ServeOptions extends GatewayOptions {
  readonly grpcPort?: number;
  readonly db?: string;
  readonly mlmd?: string;
  readonly mlmdTls?: boolean;
  readonly mlmdCa?: string;
  readonly mlmdCert?: string;
  readonly mlmdKey?: string;
}

/** `modelgraph serve`: opens the store and serves it until a signal ends it. */
export async function serve(options: ServeOptions): Promise<void> {
  const which = toStoreOptions(options);
  await listen(
    async (log) => {
      const opened = await openStore(which, () => log.warn('connecting to the MLMD server took too long; trying anew'));
      log.info(opened.description);
      return opened;
    },
    options,
    doorsOf(options),
  );
}

function doorsOf(options: ServeOptions) {
  const { grpcPort } = options;
  const gateway = gatewayDoor(options, (url) => `ModelGraph is ready at ${url}/graphql`);
  return grpcPort === undefined ? [gateway] : [gateway, grpcDoor(options, grpcPort, '--grpc-port')];
}

function toStoreOptions(options: ServeOptions): StoreOptions {
  const { mlmd, mlmdTls, mlmdCa: ca, mlmdCert: cert, mlmdKey: key } = options;
  const files = Object.fromEntries(Object.entries({ ca, cert, key }).filter(([, file]) => file !== undefined));
  if (Object.keys(files).length > 0 && !mlmdTls) throw usage('--mlmd-ca, --mlmd-cert and --mlmd-key need --mlmd-tls.');
  if (mlmdTls && mlmd === undefined) throw usage('--mlmd-tls needs --mlmd HOST:PORT.');
  if ((cert === undefined) !== (key === undefined)) throw usage('--mlmd-cert and --mlmd-key go together.');
  if (mlmd === undefined) return { db: options.db ?? 'modelgraph.db' };
  return { mlmd, tls: mlmdTls ? files : undefined };
}

function usage(problem: string): RegistryError {
  return new RegistryError('INVALID_ARGUMENT', problem);
}
