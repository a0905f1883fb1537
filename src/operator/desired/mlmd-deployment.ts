import type { V1Container, V1DeploymentSpec, V1Volume, V1VolumeMount } from '@kubernetes/client-node';

import type { KubeObject } from '../kube/kube-object.ts';
import { digestOf } from './digest.ts';
import { CALM_SECONDS, imageOf } from './gateway-deployment.ts';
import { CONFIG_TEMPLATE, DATABASE_CA, databaseOf, mlmdConfig, PASSWORD_MARK } from './mlmd-config.ts';
import { podTemplate, RESTRICTED, secretVolume } from './pod.ts';
import { componentName, headOf, PORTS, selectorOf, type Wanted } from './wanted.ts';

type MlmdServer = NonNullable<Wanted['registry']['spec']['store']['mlmdServer']>;

const TEMPLATES = '/etc/mlmd/template';
const PASSWORD = '/etc/mlmd/password';
const CONFIG = { folder: '/etc/mlmd/config', file: '/etc/mlmd/config/mlmd.pbtxt' } as const;

/**
 * For Node, in the image of the gateway: the template with the password, each byte of it as the text format escapes it; for
 * PostgreSQL's library each letter behind a backslash, but for those of several bytes, which stay together.
 */
function writeConfig(secretKey: string, server: MlmdServer): string {
  const before = server.postgres ? "(byte < 128 ? '\\\\134' : '')" : "''";
  return [
    "const { readFileSync, writeFileSync } = require('node:fs');",
    `const password = readFileSync(${JSON.stringify(`${PASSWORD}/${secretKey}`)});`,
    `const escaped = Array.from(password, (byte) => ${before} + '\\\\' + byte.toString(8).padStart(3, '0')).join('');`,
    `const template = readFileSync('${TEMPLATES}/${CONFIG_TEMPLATE}', 'utf8');`,
    `writeFileSync('${CONFIG.file}', template.replace('${PASSWORD_MARK}', () => escaped), { mode: 0o600 });`,
  ].join('\n');
}

/** The pods of MLMD's own server. One at a time: two that migrate a database at once spoil it. */
export function mlmdDeployment(wanted: Wanted, server: MlmdServer): KubeObject {
  return {
    ...headOf(wanted, 'Deployment', componentName(wanted, 'mlmd')),
    spec: {
      replicas: wanted.registry.spec.replicas === 0 ? 0 : 1,
      minReadySeconds: CALM_SECONDS,
      revisionHistoryLimit: 3,
      progressDeadlineSeconds: 300,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: selectorOf(wanted, 'mlmd') },
      template: podTemplate(
        wanted,
        'mlmd',
        { 'modelgraph.dev/config': digestOf(mlmdConfig(server)) },
        {
          initContainers: [configContainer(wanted, server)],
          containers: [serverContainer(server)],
          volumes: volumesOf(wanted, server),
        },
      ),
    } satisfies V1DeploymentSpec,
  };
}

/** The password stays in the user's Secret and in a file in memory: not among arguments, and in no Secret of ours. */
function configContainer(wanted: Wanted, server: MlmdServer): V1Container {
  const { passwordSecret } = databaseOf(server);
  return {
    name: 'config',
    image: imageOf(wanted),
    command: ['/app/node_modules/.bin/node', '--eval', writeConfig(passwordSecret.key, server)],
    resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { cpu: '500m', memory: '128Mi' } },
    securityContext: RESTRICTED,
    volumeMounts: [
      { name: 'template', mountPath: TEMPLATES, readOnly: true },
      { name: 'password', mountPath: PASSWORD, readOnly: true },
      { name: 'config', mountPath: CONFIG.folder },
    ],
  };
}

function serverContainer(server: MlmdServer): V1Container {
  const { requests, limits } = server.resources;
  const tcpSocket = { port: 'grpc' };
  return {
    name: 'mlmd',
    image: server.image,
    args: [`--grpc_port=${PORTS.mlmd}`, `--metadata_store_server_config_file=${CONFIG.file}`],
    ports: [{ name: 'grpc', containerPort: PORTS.mlmd, protocol: 'TCP' }],
    resources: { requests: { ...requests }, limits: { ...limits } },
    securityContext: RESTRICTED,
    volumeMounts: mountsOf(server),
    startupProbe: { tcpSocket, periodSeconds: 2, failureThreshold: 60 },
    livenessProbe: { tcpSocket, periodSeconds: 10, failureThreshold: 3 },
    readinessProbe: { tcpSocket, periodSeconds: 3, failureThreshold: 2 },
  };
}

function volumesOf(wanted: Wanted, server: MlmdServer): V1Volume[] {
  const { passwordSecret, tls } = databaseOf(server);
  return [
    secretVolume('password', passwordSecret),
    { name: 'template', configMap: { name: componentName(wanted, 'mlmd') } },
    { name: 'config', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
    { name: 'tmp', emptyDir: {} },
    ...(tls?.caSecret ? [secretVolume('database-ca', tls.caSecret)] : []),
  ];
}

function mountsOf(server: MlmdServer): V1VolumeMount[] {
  const ca = databaseOf(server).tls?.caSecret;
  return [
    { name: 'config', mountPath: CONFIG.folder, readOnly: true },
    { name: 'tmp', mountPath: '/tmp' },
    ...(ca ? [{ name: 'database-ca', mountPath: DATABASE_CA, readOnly: true }] : []),
  ];
}
