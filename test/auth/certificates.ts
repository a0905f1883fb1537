import { execFileSync } from 'node:child_process';
import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An authority, and certificates that it has signed. */
export interface Certificates extends Disposable {
  /** Paths of PEM files. */
  readonly files: { readonly ca: string; readonly cert: string; readonly key: string };
  readonly ca: Buffer;
  /** A client's certificate with this subject, e.g. `/CN=alice/O=team-a`. */
  client(subject: string): { readonly cert: Buffer; readonly key: Buffer };
}

/** The reason to skip what needs openssl; throws where nothing may be skipped. */
export function requireOpenssl(): string | undefined {
  try {
    execFileSync('openssl', ['version']);
    return undefined;
  } catch (cause) {
    if (process.env.MODELGRAPH_TEST_REQUIRE === 'all') throw new Error('the tests need openssl', { cause });
    return 'skipped: no openssl';
  }
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Makes an authority, and a certificate of a server at 127.0.0.1 and localhost. */
export function makeCertificates(): Certificates {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-certificates-'));
  const at = (name: string) => join(folder.path, name);
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  openssl(
    'req',
    '-x509',
    ...KEY,
    '-subj',
    '/CN=test authority',
    '-days',
    '2',
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
  );
  let count = 0;
  const signed = (subject: string, extensions: string) => {
    count += 1;
    const [key, request, cert] = ['key', 'csr', 'pem'].map((end) => at(`${count}.${end}`)) as [string, string, string];
    writeFileSync(at(`${count}.ext`), extensions);
    openssl('req', ...KEY, '-subj', subject, '-utf8', '-keyout', key, '-out', request);
    const authority = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial'];
    openssl('x509', '-req', '-in', request, ...authority, '-days', '2', '-extfile', at(`${count}.ext`), '-out', cert);
    return { cert, key };
  };
  const server = signed('/CN=gateway', 'subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n');
  return {
    files: { ...server, ca: at('ca.pem') },
    ca: readFileSync(at('ca.pem')),
    client(subject) {
      const { cert, key } = signed(subject, 'extendedKeyUsage=clientAuth\n');
      return { cert: readFileSync(cert), key: readFileSync(key) };
    },
    [Symbol.dispose]: () => folder.remove(),
  };
}
