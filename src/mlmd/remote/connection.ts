import { type ChannelCredentials, type ChannelOptions, Client, connectivityState } from '@grpc/grpc-js';

import { RegistryError } from '../../errors.ts';
import { trackSockets } from './tracked-credentials.ts';

/** What a client is made from, and when to give up on one. */
export interface ConnectionOptions {
  readonly address: string;
  readonly credentials: ChannelCredentials;
  readonly channelOptions: ChannelOptions;
  readonly connectTimeoutMs: number;
  readonly onReplace: (() => void) | undefined;
}

/** A gRPC client that is replaced when it does not get through to the server. */
export interface Connection {
  /** Makes a call on the client of the moment. */
  run<Answer>(call: (client: Client) => Promise<Answer>): Promise<Answer>;
  /** Calls that the server already has may end; others, and all later ones, reject with UNAVAILABLE. */
  close(): void;
}

/**
 * Opens a connection with a watchdog: grpc-js waits without end for a server that accepts but never speaks (stopped,
 * or lost behind a router), and no keepalive covers that (grpc-node#2785). So a client that has been trying for
 * `connectTimeoutMs` is replaced. Calls that it carries stay with it until they end or their deadline does.
 */
export function openConnection(options: ConnectionOptions): Connection {
  const lines = new Set<Line>();
  let current = open();

  function open(): Line {
    const line = createLine(options);
    lines.add(line);
    watch(line.client, options.connectTimeoutMs, replace);
    return line;
  }

  function replace(): void {
    const old = current;
    current = open();
    if (old.calls === 0) shut(old);
    options.onReplace?.();
  }

  function shut(line: Line): void {
    lines.delete(line);
    line.client.close();
    line.destroySockets();
  }

  return {
    async run(call) {
      const line = current;
      if (!lines.has(line)) throw new RegistryError('UNAVAILABLE', 'The metadata store is closed.');
      line.calls += 1;
      try {
        return await call(line.client);
      } finally {
        line.calls -= 1;
        if (line.calls === 0 && (line !== current || !lines.has(line))) shut(line);
      }
    },
    close() {
      for (const line of lines) {
        if (line.calls === 0) shut(line);
        else line.client.close();
      }
      lines.clear();
    },
  };
}

/** A client and the number of calls that it carries. */
interface Line {
  readonly client: Client;
  readonly destroySockets: () => void;
  calls: number;
}

function createLine({ address, credentials, channelOptions }: ConnectionOptions): Line {
  const tracked = trackSockets(credentials);
  const client = new Client(address, tracked.credentials, channelOptions);
  return { client, destroySockets: tracked.destroySockets, calls: 0 };
}

/** Calls `onTimeout` once, when the client was trying to connect for so long. Follows its states without polling. */
function watch(client: Client, connectTimeoutMs: number, onTimeout: () => void): void {
  const channel = client.getChannel();
  const follow = (giveUpAt: number) => {
    const state = channel.getConnectivityState(false);
    if (state === connectivityState.SHUTDOWN) return;
    const isTrying = state === connectivityState.CONNECTING || state === connectivityState.TRANSIENT_FAILURE;
    const until = isTrying ? Math.min(giveUpAt, Date.now() + connectTimeoutMs) : Infinity;
    channel.watchConnectivityState(state, until, (timeout) => (timeout ? onTimeout() : follow(until)));
  };
  follow(Infinity);
}
