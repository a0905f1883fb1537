import type { TlsIdentity } from '../ask-http.ts';

/** How to reach an API server, and as whom. */
export interface ClusterAccess {
  readonly server: URL;
  readonly tls: TlsIdentity;
  readonly token?: string;
}

/** Reads it anew for each question: tokens and certificates change while we run. */
export type ReadAccess = () => Promise<ClusterAccess>;
