import type { RegistrySpec } from '../registry/model-registry.ts';

type MlmdServer = NonNullable<RegistrySpec['store']['mlmdServer']>;

/** The database of MLMD's server, whichever of the two it is. */
export type Database = NonNullable<MlmdServer['postgres'] | MlmdServer['mysql']>;

/** The file in the ConfigMap: all of the server's configuration but the password. */
export const CONFIG_TEMPLATE = 'mlmd.pbtxt.template';

/** What stands in it for the password. */
export const PASSWORD_MARK = '@PASSWORD@';

/** The folder of the authorities of the database, in the pod of the server. */
export const DATABASE_CA = '/etc/mlmd/database-ca';

/** Its database; the CRD lets no server without one through. */
export function databaseOf({ postgres, mysql }: MlmdServer): Database {
  const database = postgres ?? mysql;
  if (database === undefined) throw new Error('mlmdServer without a database');
  return database;
}

/** A `MetadataStoreServerConfig` of MLMD's proto, in text. The server migrates its database when it starts. */
export function mlmdConfig(server: MlmdServer): string {
  const connection = server.postgres ? postgresConfig(server.postgres) : mysqlConfig(databaseOf(server));
  return [
    'connection_config {',
    ...connection.map((line) => `  ${line}`),
    '}',
    'migration_options { enable_upgrade_migration: true }',
    '',
  ].join('\n');
}

function postgresConfig({ host, port, database, username, tls }: Database): string[] {
  return [
    'postgresql {',
    `  host: ${quote(host)}`,
    `  port: ${quote(String(port))}`,
    `  dbname: ${quote(escapeLibpq(database))}`,
    '  skip_db_creation: true', // which would look for the escaped name, and put it into SQL as it is
    `  user: ${quote(escapeLibpq(username))}`,
    `  password: "${PASSWORD_MARK}"`,
    ...(tls ? [`  ssloption { ${postgresTls(tls.caSecret?.key)} }`] : []),
    '}',
  ];
}

function postgresTls(ca: string | undefined): string {
  if (ca === undefined) return 'sslmode: "require"';
  return `sslmode: "verify-full" sslrootcert: ${quote(`${DATABASE_CA}/${ca}`)}`;
}

function mysqlConfig({ host, port, database, username, tls }: Database): string[] {
  const ca = tls?.caSecret ? `ca: ${quote(`${DATABASE_CA}/${tls.caSecret.key}`)} ` : '';
  return [
    'mysql {',
    `  host: ${quote(host)}`,
    `  port: ${port}`,
    `  database: ${quote(database)}`,
    `  user: ${quote(username)}`,
    `  password: "${PASSWORD_MARK}"`,
    ...(tls ? [`  ssl_options { ${ca}verify_server_cert: ${ca !== ''} }`] : []),
    '}',
  ];
}

/** MLMD hands these on to PostgreSQL's library as `name=value` without escaping them: it takes a letter after a backslash as it is. */
function escapeLibpq(text: string): string {
  return text.replace(/[^\w.-]/gu, '\\$&');
}

/** A string of protobuf's text format: each byte that is no plain letter, digit, `.`, `/` or `-` as an octal escape. */
function quote(text: string): string {
  const letters = Array.from(Buffer.from(text), (byte) => {
    const letter = String.fromCharCode(byte);
    return /[\w./-]/.test(letter) ? letter : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"${letters.join('')}"`;
}
