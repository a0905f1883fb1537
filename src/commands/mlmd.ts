import { openStore } from '../mlmd/open.ts';
import { grpcDoor, type ServerOptions } from './doors.ts';
import { listen } from './listen.ts';

/** The options of `mlmd`, as the command line has them. */
export interface MlmdOptions extends ServerOptions {
  readonly db: string;
}

/** `modelgraph mlmd`: serves an embedded store as MLMD's own server does, until a signal ends it. */
export async function mlmd(options: MlmdOptions): Promise<void> {
  await listen(
    async (log) => {
      const opened = await openStore({ db: options.db });
      log.info(opened.description);
      return opened;
    },
    options,
    [grpcDoor(options, options.port, '--port')],
  );
}
