import { CA_SECRET, HOST, IMAGE, NAME, QUANTITY, resourcesSchema, SECRET_VALUE } from './common-schemas.ts';
import type { Schema } from './schema-type.ts';

/** The image of MLMD's own server, as its authors publish it. */
const MLMD_IMAGE = 'gcr.io/tfx-oss-public/ml_metadata_store_server:1.14.0';

function databaseSchema<Port extends number>(name: string, port: Port) {
  return {
    type: 'object',
    description: `A ${name} database that is there already. The server makes its tables.`,
    required: ['host', 'database', 'username', 'passwordSecret'],
    properties: {
      host: { ...HOST, description: 'Where the database is.' },
      port: { type: 'integer', minimum: 1, maximum: 65_535, default: port, description: 'Its port.' },
      database: { type: 'string', minLength: 1, maxLength: 63, description: 'The name of the database.' },
      username: { type: 'string', minLength: 1, maxLength: 63, description: 'Whose rows they are.' },
      passwordSecret: SECRET_VALUE,
      tls: CA_SECRET,
    },
  } as const;
}

const EMBEDDED = {
  type: 'object',
  description: 'One file on a volume, which one pod serves.',
  properties: {
    volume: {
      type: 'object',
      description: 'The volume that is claimed.',
      default: {},
      properties: {
        size: {
          ...QUANTITY,
          default: '10Gi',
          description: 'It can grow where its storage class lets it, never shrink.',
        },
        storageClassName: { ...NAME, description: 'The storage class; that of the cluster where it is not given.' },
      },
    },
  },
} as const satisfies Schema;

const MLMD = {
  type: 'object',
  description: 'An MLMD server that is there already.',
  required: ['host'],
  properties: {
    host: {
      type: 'string',
      minLength: 3,
      maxLength: 260,
      pattern: '^[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?:[0-9]{1,5}$',
      description: 'HOST:PORT of its gRPC service.',
    },
    tls: CA_SECRET,
  },
} as const satisfies Schema;

const MLMD_SERVER = {
  type: 'object',
  description: "MLMD's own server, run beside the gateway over a database of yours.",
  properties: {
    image: { ...IMAGE, default: MLMD_IMAGE, description: 'The image of the server.' },
    resources: resourcesSchema({ cpu: '100m', memory: '128Mi' }, { cpu: '1', memory: '512Mi' }),
    postgres: databaseSchema('PostgreSQL', 5432),
    mysql: databaseSchema('MySQL', 3306),
  },
  'x-kubernetes-validations': [
    {
      rule: 'has(self.postgres) != has(self.mysql)',
      message: 'name exactly one database: postgres or mysql',
    },
  ],
} as const satisfies Schema;

/** Where a registry keeps its metadata. */
export const STORE_SCHEMA = {
  type: 'object',
  description: 'Where the metadata is kept.',
  properties: { embedded: EMBEDDED, mlmd: MLMD, mlmdServer: MLMD_SERVER },
  'x-kubernetes-validations': [
    {
      rule: '[has(self.embedded), has(self.mlmd), has(self.mlmdServer)].filter(given, given).size() == 1',
      message: 'name exactly one store: embedded, mlmd or mlmdServer',
    },
  ],
} as const satisfies Schema;
