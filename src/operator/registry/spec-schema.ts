import { AUTH_SCHEMA } from './auth-schema.ts';
import { IMAGE, resourcesSchema } from './common-schemas.ts';
import { EXPOSURE_SCHEMA } from './exposure-schema.ts';
import type { Schema } from './schema-type.ts';
import { STORE_SCHEMA } from './store-schema.ts';

/** What a ModelRegistry may ask for. The CRD and the type `RegistrySpec` are made of it. */
export const SPEC_SCHEMA = {
  type: 'object',
  description: 'What is wanted.',
  required: ['store'],
  properties: {
    replicas: { type: 'integer', minimum: 0, maximum: 20, default: 1, description: 'How many pods serve.' },
    image: { ...IMAGE, description: 'The image of ModelGraph; that of the operator where it is not given.' },
    resources: resourcesSchema({ cpu: '100m', memory: '256Mi' }, { cpu: '1', memory: '512Mi' }),
    store: STORE_SCHEMA,
    auth: AUTH_SCHEMA,
    exposure: EXPOSURE_SCHEMA,
    monitoring: {
      type: 'object',
      description: 'Metrics for Prometheus.',
      default: {},
      properties: {
        enabled: {
          type: 'boolean',
          default: false,
          description: 'Whether there are any, at port 9464 of each pod, which is annotated to be scraped.',
        },
        namespace: {
          type: 'string',
          default: 'monitoring',
          minLength: 1,
          maxLength: 63,
          description: 'Where Prometheus is, which alone may read them.',
        },
      },
    },
    audit: {
      type: 'object',
      description: 'Who wrote what, and who was refused.',
      default: {},
      properties: {
        enabled: {
          type: 'boolean',
          default: false,
          description: 'Whether lines of it go to the output of each pod, and into the embedded store too.',
        },
      },
    },
    deletionPolicy: {
      type: 'string',
      enum: ['Keep', 'Delete'],
      default: 'Keep',
      description: 'What becomes of the volume when the ModelRegistry is deleted.',
    },
  },
  'x-kubernetes-validations': [
    {
      rule: '!has(self.store.embedded) || self.replicas <= 1',
      message: 'the embedded store is one file, which one pod serves: set replicas to 1, or choose mlmd or mlmdServer',
      fieldPath: '.replicas',
    },
    {
      rule: 'has(self.store.embedded) == has(oldSelf.store.embedded)',
      message: 'metadata does not move by itself: make another ModelRegistry, and copy what the embedded store has',
      fieldPath: '.store',
    },
  ],
} as const satisfies Schema;
