import { globSync } from 'node:fs';
import { basename } from 'node:path';

import { DEPLOY, helmTemplate, kustomize, kustomizeText, type Rendered } from './render.ts';

/** All overlays. */
export const OVERLAYS = globSync('overlays/*', { cwd: DEPLOY })
  .map((path) => basename(path))
  .sort();

const STORES = ['embedded', 'mlmd', 'mlmd-server postgres', 'mlmd-server mysql'];
const RIGHTS = ['unauthenticated', 'kubernetes-rbac', 'authorino'];
const DOORS = ['', 'ingress audit', 'gateway-api monitoring'];

/** Values of the chart, and what they are about. */
export const CHART_VALUES: Readonly<Record<string, string>> = {
  'as it is': '',
  evaluation: 'auth: { type: none }',
  embedded: '{}',
  mlmd: 'store: { type: mlmd }',
  'mlmd-postgres': 'store: { type: mlmdServer }',
  'mlmd-mysql': 'store: { type: mlmdServer, mlmdServer: { database: { type: mysql } } }',
  authorino: 'auth: { type: authorino }',
  ingress: 'store: { type: mlmdServer }\ningress: { enabled: true }',
  'gateway-api': 'store: { type: mlmdServer }\ngatewayApi: { enabled: true }\nmonitoring: { enabled: true }',
  'a database of your own': `
    store: { type: mlmdServer, mlmdServer: { database: { create: false, host: db.example.com } } }`,
  'tokens of an identity provider': `
    store: { type: mlmd, mlmd: { address: mlmd.example.com:9090 } }
    auth:
      type: jwt
      jwt: { issuer: https://issuer.example.com }
      roles:
        roles: { reader: [{ verbs: [get, list], resources: [registeredmodels] }] }
        subjects: [{ groups: [data-science], roles: [reader] }]
    image: { repository: registry.example.com/modelgraph, digest: "sha256:${'0'.repeat(64)}" }
    nodeSelector: { disk: ssd }
    tolerations: [{ key: reserved, operator: Exists }]
    audit: { enabled: true }
    extraArgs: [--log-level=warn]`,
};

/** Everything that can be made of `deploy/`, by a name that says what it is. */
export async function renderAll(): Promise<Map<string, Rendered>> {
  const made = new Map<string, Rendered>();
  for (const overlay of OVERLAYS) made.set(`overlay ${overlay}`, await kustomize(`overlays/${overlay}`));
  for (const store of STORES) {
    for (const rights of RIGHTS) {
      for (const door of DOORS) {
        const components = [store, rights, door].join(' ').trim().split(/\s+/);
        made.set(`components ${components.join(' ')}`, await combine(components));
      }
    }
  }
  for (const [name, values] of Object.entries(CHART_VALUES)) made.set(`chart ${name}`, await helmTemplate(values));
  return made;
}

function combine(components: readonly string[]): Promise<Rendered> {
  const lines = components.map((name) => `  - DEPLOY/components/${name}`);
  return kustomizeText(['namespace: modelgraph', 'resources:', '  - DEPLOY/base', 'components:', ...lines].join('\n'));
}
