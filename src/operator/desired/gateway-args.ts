import { namespaceOf, type RegistrySpec } from '../registry/model-registry.ts';
import { authorinoHost } from './auth-config.ts';
import { DRAIN_ARGS } from './pod.ts';
import { componentName, METRICS_PORT, PORTS, type Wanted } from './wanted.ts';

/** Where the pod has its files. */
export const FOLDERS = { data: '/data', roles: '/etc/modelgraph/roles', ca: '/etc/modelgraph/mlmd-ca' } as const;

/** The file of the roles within its folder, and the key of the ConfigMap. */
export const ROLES_FILE = 'roles.yaml';

/** The command line of the gateway. */
export function gatewayArgs(wanted: Wanted): string[] {
  const { name } = wanted.registry.metadata;
  return [
    'serve',
    ...['--host', '0.0.0.0'],
    ...['--port', String(PORTS.gateway)],
    ...DRAIN_ARGS,
    ...['--registry', name],
    ...storeArgs(wanted),
    ...authArgs(wanted),
    ...(wanted.registry.spec.monitoring.enabled ? ['--metrics-port', String(METRICS_PORT)] : []),
    ...(wanted.registry.spec.audit.enabled ? ['--audit-log', '-'] : []),
  ];
}

function storeArgs(wanted: Wanted): string[] {
  const { mlmd, mlmdServer } = wanted.registry.spec.store;
  if (mlmdServer) return ['--mlmd', `${componentName(wanted, 'mlmd')}:${PORTS.mlmd}`];
  if (mlmd) return ['--mlmd', mlmd.host, ...tlsArgs(mlmd.tls)];
  return ['--db', `${FOLDERS.data}/modelgraph.db`];
}

function tlsArgs(tls: NonNullable<RegistrySpec['store']['mlmd']>['tls']): string[] {
  if (tls === undefined) return [];
  return ['--mlmd-tls', ...(tls.caSecret ? ['--mlmd-ca', `${FOLDERS.ca}/${tls.caSecret.key}`] : [])];
}

function authArgs(wanted: Wanted): string[] {
  const { kubernetes, authorino, jwt } = wanted.registry.spec.auth;
  if (authorino) {
    return ['--auth', 'authorino', '--authorino-url', authorino.url, '--authorino-host', authorinoHost(wanted)];
  }
  if (jwt) {
    const file = `${FOLDERS.roles}/${ROLES_FILE}`;
    return ['--auth', 'jwt', '--jwt-issuer', jwt.issuer, '--jwt-audience', jwt.audience, '--roles', file];
  }
  const audience = ['--kubernetes-audience', kubernetes?.audience ?? 'modelgraph'];
  // The Roles of its own namespace count.
  const namespace = ['--kubernetes-namespace', namespaceOf(wanted.registry)];
  return ['--auth', 'kubernetes', ...audience, '--authorize', 'kubernetes', ...namespace];
}
