import type { Socket } from 'node:net';

import type { ChannelCredentials } from '@grpc/grpc-js';

/** Credentials of one client, and a way to end every socket that it opened or still opens. */
export interface TrackedCredentials {
  readonly credentials: ChannelCredentials;
  destroySockets(): void;
}

/**
 * Follows the sockets that are secured with `credentials`. A closed grpc-js client lets go of those in use, but not of
 * one whose handshake got no answer (grpc-node#2785): that would stay for good, and with TLS keep the process alive.
 */
export function trackSockets(credentials: ChannelCredentials): TrackedCredentials {
  const sockets = new Set<Socket>();
  let isOver = false;

  function track(socket: Socket): void {
    if (isOver) socket.destroy();
    else sockets.add(socket.once('close', () => sockets.delete(socket)));
  }

  return {
    credentials: tap(credentials, track),
    destroySockets() {
      isOver = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** The same credentials, but each socket passes by `onSocket` before it is secured. */
function tap(credentials: ChannelCredentials, onSocket: (socket: Socket) => void): ChannelCredentials {
  const tapped: ChannelCredentials = Object.create(credentials);
  tapped._createSecureConnector = (...options) => {
    const connector = credentials._createSecureConnector(...options);
    return {
      connect(socket) {
        onSocket(socket);
        return connector.connect(socket);
      },
      waitForReady: () => connector.waitForReady(),
      getCallCredentials: () => connector.getCallCredentials(),
      destroy: () => connector.destroy(),
    };
  };
  return tapped;
}
