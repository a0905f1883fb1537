import { MODEL_REGISTRY } from '../kube/kinds.ts';
import type { Schema } from './schema-type.ts';
import { SPEC_SCHEMA } from './spec-schema.ts';

const CONDITION = {
  type: 'object',
  required: ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
  properties: {
    type: { type: 'string', maxLength: 63 },
    status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
    reason: { type: 'string', maxLength: 128 },
    message: { type: 'string', maxLength: 32_768 },
    lastTransitionTime: { type: 'string', format: 'date-time' },
    observedGeneration: { type: 'integer', format: 'int64' },
  },
} as const satisfies Schema;

const STATUS_SCHEMA = {
  type: 'object',
  description: 'What the operator tells.',
  properties: {
    observedGeneration: { type: 'integer', format: 'int64', description: 'Which spec the rest is about.' },
    conditions: {
      type: 'array',
      description: 'Available, Progressing and Degraded.',
      items: CONDITION,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
    },
    hosts: { type: 'array', items: { type: 'string' }, description: 'Where the registry answers.' },
    store: { type: 'string', description: 'Which of the stores it is.' },
    image: { type: 'string', description: 'The image that serves.' },
    ready: { type: 'string', description: 'Pods that are available, of those that are wanted.' },
  },
} as const satisfies Schema;

const SCHEMA = {
  type: 'object',
  description: 'A registry of models: a ModelGraph gateway and its store, kept by an operator.',
  required: ['spec'],
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
    spec: SPEC_SCHEMA,
    status: STATUS_SCHEMA,
  },
  'x-kubernetes-validations': [
    {
      rule: "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$') && self.metadata.name.size() <= 40",
      message: 'the name becomes that of a Service: at most 40 of a-z, 0-9 and -, beginning with a letter',
    },
  ],
} as const satisfies Schema;

const [GROUP = '', VERSION = ''] = MODEL_REGISTRY.apiVersion.split('/');

const condition = (type: string, part: string) => `.status.conditions[?(@.type=="${type}")].${part}`;

/** The CustomResourceDefinition of ModelRegistry, as deploy/operator/crd.yaml has it. */
export const CRD = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${MODEL_REGISTRY.plural}.${GROUP}` },
  spec: {
    group: GROUP,
    scope: 'Namespaced',
    names: {
      kind: MODEL_REGISTRY.kind,
      plural: MODEL_REGISTRY.plural,
      singular: 'modelregistry',
      shortNames: ['mreg'],
    },
    versions: [
      {
        name: VERSION,
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: 'Available', type: 'string', jsonPath: condition('Available', 'status') },
          { name: 'Health', type: 'string', jsonPath: condition('Degraded', 'reason') },
          { name: 'Store', type: 'string', jsonPath: '.status.store' },
          { name: 'Ready', type: 'string', jsonPath: '.status.ready' },
          { name: 'Version', type: 'string', jsonPath: '.status.image', priority: 1 },
          { name: 'Host', type: 'string', jsonPath: '.status.hosts[0]', priority: 1 },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
        schema: { openAPIV3Schema: SCHEMA },
      },
    ],
  },
} as const;
