import { DNS_NAME, NAME } from './common-schemas.ts';
import type { Schema } from './schema-type.ts';

const INGRESS = {
  type: 'object',
  description: 'An Ingress.',
  required: ['host'],
  properties: {
    host: { ...DNS_NAME, description: 'The host that clients use.' },
    className: { ...NAME, description: 'The class; that of the cluster where it is not given.' },
    tlsSecret: { ...NAME, description: 'The Secret with the certificate of the host.' },
  },
} as const satisfies Schema;

const GATEWAY = {
  type: 'object',
  description: 'An HTTPRoute of the Gateway API.',
  required: ['host', 'name'],
  properties: {
    host: { ...DNS_NAME, description: 'The host that clients use.' },
    name: { ...NAME, description: 'The name of the Gateway.' },
    namespace: { ...NAME, description: 'Its namespace; the same one where it is not given.' },
    sectionName: { ...NAME, description: 'The listener; all of them where it is not given.' },
  },
} as const satisfies Schema;

/** How a registry is reached. */
export const EXPOSURE_SCHEMA = {
  type: 'object',
  description: 'How the registry is reached, besides by its Service.',
  default: {},
  properties: {
    service: {
      type: 'object',
      description: 'The Service.',
      default: {},
      properties: {
        type: {
          type: 'string',
          enum: ['ClusterIP', 'NodePort', 'LoadBalancer'],
          default: 'ClusterIP',
          description: 'The type of the Service.',
        },
      },
    },
    ingress: INGRESS,
    gateway: GATEWAY,
  },
} as const satisfies Schema;
