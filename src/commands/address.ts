import { once } from 'node:events';
import { BlockList, createServer, isIP, isIPv4 } from 'node:net';

import { RegistryError } from '../errors.ts';

/** Where to listen. */
export interface Address {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** True where only this machine can reach `host`. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8, 'ipv4');
  loopback.addAddress('::1', 'ipv6');
  return isIP(host) !== 0 && loopback.check(host, isIPv4(host) ? 'ipv4' : 'ipv6');
}

/** Listens for a moment; INVALID_ARGUMENT where that cannot be done. */
export async function tryAddress(address: Address): Promise<void> {
  const server = createServer();
  try {
    await once(server.listen({ ...address, exclusive: true }), 'listening');
  } catch (cause) {
    throw listenProblem(cause, address);
  } finally {
    server.close();
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
  EADDRINUSE: ({ port }) => `Port ${port} is in use; choose another with --port, or 0 for a free one.`,
  EACCES: ({ port }) => `Port ${port} may not be used by this user; choose one above 1023 with --port.`,
  EADDRNOTAVAIL: ({ host }) => `${host} is not an address of this machine; choose another with --host.`,
  EAFNOSUPPORT: ({ host }) => `This machine has no network for ${host}; choose another with --host.`,
  ENOTFOUND: UNKNOWN_HOST,
  EAI_AGAIN: UNKNOWN_HOST,
};
