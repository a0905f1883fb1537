import { experimental, ServerCredentials } from '@grpc/grpc-js';

import type { TlsFiles } from '../../tls-files.ts';

/** Plain text, or TLS. A client may show a certificate, as over HTTP: a health check has none. */
export function toServerCredentials(tls: TlsFiles | undefined): ServerCredentials {
  if (!tls) return ServerCredentials.createInsecure();
  const { cert, key, clientCa } = tls;
  if (!clientCa) return ServerCredentials.createSsl(null, [{ private_key: key, cert_chain: cert }]);
  // `createSsl` ends the connection of every client that has none.
  const provider = toProvider({ caCertificate: clientCa, certificate: cert, privateKey: key });
  return experimental.createCertificateProviderServerCredentials(provider, provider, false);
}

type Certificates = experimental.CaCertificateUpdate & experimental.IdentityCertificateUpdate;

/** Gives each listener the same certificates, once; a moment later, for grpc-js listens before it is ready to hear. */
function toProvider(certificates: Certificates): experimental.CertificateProvider {
  const tell = (listener: (update: Certificates) => void) => queueMicrotask(() => listener(certificates));
  return {
    addCaCertificateListener: tell,
    removeCaCertificateListener: () => {},
    addIdentityCertificateListener: tell,
    removeIdentityCertificateListener: () => {},
  };
}
