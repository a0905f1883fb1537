import type { StatusObject } from '@grpc/grpc-js';

import { ERROR_TABLE, registryErrorIn } from '../../errors.ts';

/** Bytes of a message at most, percent-encoded as it travels. Clients take 8 KiB of headers, and all of them share it. */
const MAX_DETAILS = 4_096;

/** How a failure is told to a gRPC client: by the error table, and nothing of what is no RegistryError. */
export function toStatus(error: unknown): Pick<StatusObject, 'code' | 'details'> {
  const known = registryErrorIn(error);
  if (!known) return { code: ERROR_TABLE.INTERNAL.grpc, details: 'Internal error.' };
  return { code: ERROR_TABLE[known.code].grpc, details: shorten(known.message) };
}

/** True where the failure is not the caller's, so that the log has to have it. */
export function isOurs(error: unknown): boolean {
  const code = registryErrorIn(error)?.code;
  return code === undefined || code === 'INTERNAL' || code === 'DATA_LOSS' || code === 'UNAVAILABLE';
}

/** A message may quote what the caller sent, up to a whole name; one that is too long would fail the answer. */
function shorten(message: string): string {
  const text = message.toWellFormed();
  if (encodeURI(text).length <= MAX_DETAILS) return text;
  const kept: string[] = [];
  let length = encodeURI('…').length;
  for (const character of text) {
    length += encodeURI(character).length;
    if (length > MAX_DETAILS) break;
    kept.push(character);
  }
  return `${kept.join('')}…`;
}
