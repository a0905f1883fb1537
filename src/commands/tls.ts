import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

import { RegistryError } from '../errors.ts';
import type { TlsFiles } from '../tls-files.ts';
import type { AuthOptions } from './auth/options.ts';

/** What the gateway's certificate files hold; undefined without TLS. INVALID_ARGUMENT where they are of no use. */
export function readTlsFiles({ tlsCert, tlsKey, tlsClientCa }: AuthOptions): TlsFiles | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  const files = { cert: read(tlsCert), key: read(tlsKey) };
  if (!works(() => createSecureContext(files)))
    throw usage(`${tlsCert} and ${tlsKey} are not a certificate and its own key.`);
  if (tlsClientCa === undefined) return files;
  const clientCa = read(tlsClientCa);
  if (!works(() => new X509Certificate(clientCa))) throw usage(`${tlsClientCa} holds no certificate.`);
  return { ...files, clientCa };
}

function works(make: () => unknown): boolean {
  try {
    make();
    return true;
  } catch {
    return false;
  }
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw usage(`The file ${file} cannot be read.`, cause);
  }
}

function usage(problem: string, cause?: unknown): RegistryError {
  return new RegistryError('INVALID_ARGUMENT', problem, { cause });
}
