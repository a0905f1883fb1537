import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';

import { connectRemoteStore, type RemoteStoreOptions } from '../../src/mlmd/remote/client.ts';

const missing = requireOpenssl();

describe.skipIf(missing !== undefined)(`the remote store over TLS ${missing ?? ''}`, { timeout: 60_000 }, () => {
  const { cert, key } = missing === undefined ? makeCertificate() : { cert: Buffer.of(), key: Buffer.of() };

  test.each<[string, string, RemoteStoreOptions['tls']]>([
    ['talks with both certificates', 'UNIMPLEMENTED', { rootCerts: cert, clientKey: key, clientCert: cert }],
    ['is refused without its own', 'UNAVAILABLE', { rootCerts: cert }],
    ['refuses a server that the public roots do not know', 'UNAVAILABLE', { clientKey: key, clientCert: cert }],
    ['is refused in plain text', 'UNAVAILABLE', undefined],
  ])('%s', async (_title, code, tls) => {
    await using server = await openTlsServer(cert, key);
    const store = connectRemoteStore({ host: 'localhost', port: server.port, tls });
    await expect(store.getArtifactTypes({})).rejects.toMatchObject({ code });
    await store.close();
  });

  test('a closed store lets the process end though the server never answered its handshake', async () => {
    const silent = createServer((socket) => void socket.on('error', () => undefined));
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const { port } = silent.address() as AddressInfo;
    const script = `
      import { connectRemoteStore } from ${JSON.stringify(import.meta.resolve('../../src/mlmd/remote/client.ts'))};
      const store = connectRemoteStore({ host: 'localhost', port: ${port}, connectTimeoutMs: 100, tls: {} });
      await store.getArtifactTypes({}, { deadline: Date.now() + 500 }).catch(() => undefined);
      await store.close();`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' });
    expect(await once(child, 'exit')).toEqual([0, null]);
    silent.close();
  });
});

/** Why no certificate can be made here; throws instead where MODELGRAPH_TEST_REQUIRE=all. */
function requireOpenssl(): string | undefined {
  try {
    execFileSync('openssl', ['version']);
    return undefined;
  } catch (cause) {
    if (process.env.MODELGRAPH_TEST_REQUIRE === 'all') throw new Error('the tests need openssl', { cause });
    return 'skipped: no openssl';
  }
}

/** Self-signed for localhost, so that it is its own authority, for either side. */
function makeCertificate(): { cert: Buffer; key: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'modelgraph-'));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const made = { cert: readFileSync(cert), key: readFileSync(key) };
  rmSync(folder, { recursive: true });
  return made;
}

/** A gRPC server without any RPC that asks for a client certificate. */
async function openTlsServer(cert: Buffer, key: Buffer) {
  const server = new Server();
  const credentials = ServerCredentials.createSsl(cert, [{ cert_chain: cert, private_key: key }], true);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync('127.0.0.1:0', credentials, (error, port) => (error === null ? resolve(port) : reject(error)));
  return { port: await promise, [Symbol.asyncDispose]: async () => server.forceShutdown() };
}
