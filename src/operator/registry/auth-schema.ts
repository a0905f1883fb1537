import { DNS_NAME, SUBJECTS } from './common-schemas.ts';
import type { Schema } from './schema-type.ts';

const URL = { type: 'string', minLength: 8, maxLength: 2_000, pattern: '^https?://[^\\s]+$' } as const;

const AUDIENCE = { type: 'string', minLength: 1, maxLength: 253 } as const;

const KUBERNETES = {
  type: 'object',
  description: 'Tokens of the cluster, and its RBAC: the Roles registry-user-NAME and registry-editor-NAME.',
  properties: {
    audience: { ...AUDIENCE, default: 'modelgraph', description: 'The audience that a token has to be for.' },
  },
} as const satisfies Schema;

const AUTHORINO = {
  type: 'object',
  description: 'The same, decided by Authorino by an AuthConfig that the operator makes.',
  required: ['url'],
  properties: {
    url: { ...URL, description: 'Where Authorino answers raw HTTP, such as http://authorino.authorino.svc:5001.' },
    host: { ...DNS_NAME, description: 'The host of the AuthConfig; NAME.NAMESPACE.modelgraph where it is not given.' },
    audience: { ...AUDIENCE, default: 'modelgraph', description: 'The audience that a token has to be for.' },
  },
} as const satisfies Schema;

const JWT = {
  type: 'object',
  description: 'Tokens of an issuer of yours; a file says who may do what.',
  required: ['issuer', 'audience', 'roles'],
  properties: {
    issuer: { ...URL, description: 'The issuer, as tokens spell it.' },
    audience: { ...AUDIENCE, description: 'The audience that a token has to be for.' },
    roles: {
      type: 'string',
      minLength: 1,
      maxLength: 100_000,
      description: 'The text of the file of `modelgraph serve --roles`.',
    },
  },
} as const satisfies Schema;

/** Who may use a registry. */
export const AUTH_SCHEMA = {
  type: 'object',
  description: 'Who may use the registry.',
  default: { kubernetes: {} },
  properties: {
    kubernetes: KUBERNETES,
    authorino: AUTHORINO,
    jwt: JWT,
    users: { ...SUBJECTS, description: 'Who may read, by a RoleBinding to registry-user-NAME.' },
    editors: { ...SUBJECTS, description: 'Who may write too, by a RoleBinding to registry-editor-NAME.' },
  },
  'x-kubernetes-validations': [
    {
      rule: '[has(self.kubernetes), has(self.authorino), has(self.jwt)].filter(given, given).size() == 1',
      message: 'name exactly one kind of auth: kubernetes, authorino or jwt',
    },
    {
      rule: '!has(self.jwt) || (!has(self.users) && !has(self.editors))',
      message: 'users and editors are for kubernetes and authorino; with jwt the roles say who may do what',
    },
  ],
} as const satisfies Schema;
