import { BlockList, isIPv6 } from 'node:net';

import type { Credentials, Peer } from './credentials.ts';
import { areKnownNames, isKnownName } from './known-name.ts';
import type { Mode } from './mode.ts';
import { invalidToken } from './refusals.ts';

/** Which proxies are believed, and where they say who asks. */
export interface ProxySettings {
  /** True where whoever is on this machine is believed. */
  readonly loopback: boolean;
  /** Common names of client certificates. */
  readonly certificates: readonly string[];
  /** The header with the user's name, in small letters. */
  readonly userHeader: string;
  /** The header with the groups, separated by commas. */
  readonly groupsHeader: string;
}

/** Knows callers by what a proxy that is believed says of them. From anyone else its headers mean nothing. */
export function proxyMode(settings: ProxySettings): Mode {
  return async (credentials) => {
    if (!isBelieved(settings, credentials.peer)) return undefined;
    const [name, ...more] = textsOf(credentials, settings.userHeader);
    if (name === undefined) return undefined;
    const groups = textsOf(credentials, settings.groupsHeader)
      .flatMap((text) => text.split(','))
      .map((text) => text.trim())
      .filter((text) => text !== '');
    // Two names: a client's own, and the proxy's behind it.
    if (more.length > 0 || !isKnownName(name) || name.includes(',') || !areKnownNames(groups)) throw invalidToken();
    return { name, groups, by: 'proxy' };
  };
}

/** An address tells nothing of who is there, but for this machine's own. */
function isBelieved({ loopback, certificates }: ProxySettings, { address, certificate }: Peer): boolean {
  return (certificate && certificates.includes(certificate.commonName)) || (loopback && isLoopbackAddress(address));
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

function isLoopbackAddress(address: string): boolean {
  return address !== '' && LOOPBACK.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Node reads headers a character for each byte; who sends names sends UTF-8. */
function textsOf(credentials: Credentials, header: string): readonly string[] {
  return credentials.values(header).map((value) => {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'));
    } catch (cause) {
      throw invalidToken(cause);
    }
  });
}
