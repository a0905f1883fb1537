import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

import { RegistryError } from '../../errors.ts';
import type { RemoteStoreOptions } from './client.ts';

/** Paths of PEM files; without `ca` the public roots are trusted; with `cert` and `key` mutual TLS. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** What is in the files. INVALID_ARGUMENT for one that cannot be read or used, so that no call fails of it later. */
export function readTlsFiles({ ca, cert, key }: TlsFiles): NonNullable<RemoteStoreOptions['tls']> {
  return {
    ...(ca === undefined ? {} : { rootCerts: readAuthorities(ca) }),
    ...(cert === undefined || key === undefined ? {} : readIdentity(cert, key)),
  };
}

/** OpenSSL takes a file without any PEM certificate, and then trusts nobody. */
function readAuthorities(file: string): Buffer {
  const pem = read(file);
  refuseWhere(() => new X509Certificate(pem.toString()), `${file} holds no certificate in PEM form.`);
  return pem;
}

function readIdentity(cert: string, key: string) {
  const clientCert = read(cert);
  const clientKey = read(key);
  refuseWhere(
    () => createSecureContext({ cert: clientCert, key: clientKey }),
    `${cert} and ${key} are not a certificate and its own key, unencrypted, in PEM form.`,
  );
  return { clientCert, clientKey };
}

function read(file: string): Buffer {
  return refuseWhere(() => readFileSync(file), `The file ${file} cannot be read.`);
}

function refuseWhere<T>(work: () => T, problem: string): T {
  try {
    return work();
  } catch (cause) {
    throw new RegistryError('INVALID_ARGUMENT', problem, { cause });
  }
}
