import { generateKeyPair, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Who comes to the API server, and the keys of its ServiceAccounts. */
export interface Credentials {
  readonly tokens: Readonly<Record<'admin' | 'controllerManager' | 'scheduler', string>>;
  /** Files. */
  readonly tokenFile: string;
  readonly privateKey: string;
  readonly publicKey: string;
}

/** Makes them, into a folder. The API server makes its own certificate. */
export async function writeCredentials(folder: string): Promise<Credentials> {
  const [tokenFile, privateKey, publicKey] = [join(folder, 'tokens'), join(folder, 'sa.key'), join(folder, 'sa.pub')];
  const tokens = { admin: secret(), controllerManager: secret(), scheduler: secret() };
  const rows = [
    `${tokens.admin},admin,admin,system:masters`,
    `${tokens.controllerManager},system:kube-controller-manager,controller-manager`,
    `${tokens.scheduler},system:kube-scheduler,scheduler`,
  ];
  const keys = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await writeFile(tokenFile, rows.join('\n'), { mode: 0o600 });
  await writeFile(privateKey, keys.privateKey, { mode: 0o600 });
  await writeFile(publicKey, keys.publicKey);
  return { tokens, tokenFile, privateKey, publicKey };
}

function secret(): string {
  return randomBytes(16).toString('hex');
}
