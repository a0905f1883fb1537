import type { Metadata } from '@grpc/grpc-js';

import type { Credentials } from '../../auth/credentials.ts';
import { toPeerCertificate } from '../../auth/peer-certificate.ts';

/** What grpc-js knows of a call's other end. */
export interface ServerCall {
  readonly metadata: Metadata;
  getPeer(): string;
  /** Has the client's certificate where it was checked. */
  getAuthContext(): { readonly sslPeerCertificate?: Parameters<typeof toPeerCertificate>[0] | undefined } | null;
}

/** What a call tells of who makes it. */
export function toCredentials(call: ServerCall): Credentials {
  const shown = call.getAuthContext()?.sslPeerCertificate;
  const certificate = shown && toPeerCertificate(shown);
  return {
    values: (name) => call.metadata.get(name).map(String),
    // It comes with its port: 127.0.0.1:50001, ::1:50001.
    peer: { address: call.getPeer().replace(/:\d+$/, ''), ...(certificate && { certificate }) },
  };
}
