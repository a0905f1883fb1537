import { once } from 'node:events';
import { BlockList, createServer, isIP, isIPv4, type Server } from 'node:net';

import { RegistryError } from '../errors.ts';

/** Where to listen. */
export interface Address {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The option that chose the port. */
  readonly option: string;
}

/** True where only this machine can reach `host`. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8, 'ipv4');
  loopback.addAddress('::1', 'ipv6');
  return isIP(host) !== 0 && loopback.check(host, isIPv4(host) ? 'ipv4' : 'ipv6');
}

/** Listens at all of them for a moment; INVALID_ARGUMENT where that cannot be done. */
export async function tryAddresses(addresses: readonly Address[]): Promise<void> {
  const servers: Server[] = [];
  try {
    for (const address of addresses) {
      const server = createServer();
      servers.push(server);
      await listenAt(server, address);
    }
  } finally {
    for (const server of servers) server.close();
  }
}

async function listenAt(server: Server, address: Address): Promise<void> {
  const { host, port } = address;
  try {
    await once(server.listen({ host, port, exclusive: true }), 'listening');
  } catch (cause) {
    throw listenProblem(cause, address);
  }
}

/** What a failed attempt to listen means to the person who chose the address; other failures as they are. */
export function listenProblem(cause: unknown, address: Address): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const problem = LISTEN_PROBLEMS[code]?.(address);
  return problem === undefined ? cause : new RegistryError('INVALID_ARGUMENT', problem, { cause });
}

const UNKNOWN_HOST = ({ host }: Address) => `${host} is not a known host; choose another with --host.`;

const LISTEN_PROBLEMS: Readonly<Record<string, (address: Address) => string>> = {
  EADDRINUSE: ({ port, option }) => `Port ${port} is in use; choose another with ${option}, or 0 for a free one.`,
  EACCES: ({ port, option }) => `Port ${port} may not be used by this user; choose one above 1023 with ${option}.`,
  EADDRNOTAVAIL: ({ host }) => `${host} is not an address of this machine; choose another with --host.`,
  EAFNOSUPPORT: ({ host }) => `This machine has no network for ${host}; choose another with --host.`,
  ENOTFOUND: UNKNOWN_HOST,
  EAI_AGAIN: UNKNOWN_HOST,
};
