import type { PeerCertificate as TlsCertificate } from 'node:tls';

import type { PeerCertificate } from './credentials.ts';

/** Whom a certificate that was checked names; undefined where it has no common name, or several. */
export function toPeerCertificate({ subject }: Partial<TlsCertificate>): PeerCertificate | undefined {
  const names = [subject?.CN ?? []].flat();
  const [commonName] = names;
  if (commonName === undefined || names.length > 1) return undefined;
  return { commonName, organizations: [subject?.O ?? []].flat() };
}
