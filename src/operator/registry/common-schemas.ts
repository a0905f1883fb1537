import type { Schema } from './schema-type.ts';

/** The name of an object in the same namespace. */
export const NAME = {
  type: 'string',
  minLength: 1,
  maxLength: 253,
  pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$',
} as const;

/** A name or an address that can be reached. */
export const HOST = {
  type: 'string',
  minLength: 1,
  maxLength: 253,
  pattern: '^[A-Za-z0-9]([-A-Za-z0-9.:]*[A-Za-z0-9])?$',
} as const;

/** A host that clients use, as in DNS. */
export const DNS_NAME = {
  type: 'string',
  minLength: 1,
  maxLength: 253,
  pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$',
} as const;

/** An amount as Kubernetes writes it. */
export const QUANTITY = {
  type: 'string',
  maxLength: 20,
  pattern: '^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$',
} as const;

/** A reference to an image. */
export const IMAGE = { type: 'string', minLength: 1, maxLength: 500, pattern: '^[^\\s]+$' } as const;

/** One value of a Secret in the same namespace. */
export const SECRET_VALUE = {
  type: 'object',
  description: 'A value of a Secret in the same namespace. The operator neither reads nor changes the Secret.',
  required: ['name'],
  properties: {
    name: { ...NAME, description: 'The name of the Secret.' },
    key: { type: 'string', minLength: 1, maxLength: 253, default: 'password', description: 'The key of the value.' },
  },
} as const satisfies Schema;

/** PEM text of authorities to trust. */
export const CA_SECRET = {
  type: 'object',
  description: 'TLS with the server.',
  properties: {
    caSecret: {
      ...SECRET_VALUE,
      description: 'PEM text of the authorities to trust, in place of the public ones.',
      properties: {
        name: { ...NAME, description: 'The name of the Secret.' },
        key: { type: 'string', minLength: 1, maxLength: 253, default: 'ca.crt', description: 'The key of the value.' },
      },
    },
  },
} as const satisfies Schema;

/** Who may do something: subjects of a RoleBinding. */
export const SUBJECTS = {
  type: 'array',
  maxItems: 100,
  'x-kubernetes-list-type': 'atomic',
  items: {
    type: 'object',
    required: ['kind', 'name'],
    properties: {
      kind: { type: 'string', enum: ['User', 'Group', 'ServiceAccount'], description: 'What it is.' },
      name: { type: 'string', minLength: 1, maxLength: 253, description: 'Its name.' },
      namespace: { ...NAME, description: 'Of a ServiceAccount; the same namespace where it is not given.' },
    },
  },
} as const satisfies Schema;

/** Amounts of processor and memory. */
const AMOUNTS = {
  cpu: { ...QUANTITY, description: 'Processors, such as 500m.' },
  memory: { ...QUANTITY, description: 'Memory, such as 512Mi.' },
} as const;

/** What a container asks for and may take at most. */
export function resourcesSchema<Requests, Limits>(requests: Requests, limits: Limits) {
  return {
    type: 'object',
    description: 'What each pod asks for, and what it may take at most.',
    default: {},
    properties: {
      requests: { type: 'object', description: 'What is set aside.', default: requests, properties: AMOUNTS },
      limits: { type: 'object', description: 'The most.', default: limits, properties: AMOUNTS },
    },
  } as const;
}
