import { isIPv6 } from 'node:net';

import type { Caller } from '../auth/caller.ts';

/** Whose bucket a request is paid from: the caller's; where that is nobody in particular, the network address's. */
export function payerOf({ by, name }: Caller, address: string): string {
  return by === 'anonymous' ? addressKey(address) : `${by} ${name}`;
}

/** The key of an address. One customer has a whole IPv6 network of 64 bits, and every address in it is one of theirs. */
export function addressKey(address: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped !== undefined) return `address ${mapped}`;
  if (!isIPv6(address)) return `address ${address}`;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const all = [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(tail ? tail.split(':') : [])];
  return `network ${all
    .slice(0, 4)
    .map((each) => Number.parseInt(each, 16).toString(16))
    .join(':')}`;
}
