import type { KubeObject } from '../kube/kube-object.ts';
import { ROLES_FILE } from './gateway-args.ts';
import { CONFIG_TEMPLATE, mlmdConfig } from './mlmd-config.ts';
import { componentName, headOf, type Wanted } from './wanted.ts';

/** The files that pods read and that are no secrets. */
export function configMaps(wanted: Wanted): KubeObject[] {
  const { auth, store } = wanted.registry.spec;
  return [
    ...(auth.jwt ? [configMap(wanted, 'gateway', { [ROLES_FILE]: auth.jwt.roles })] : []),
    ...(store.mlmdServer ? [configMap(wanted, 'mlmd', { [CONFIG_TEMPLATE]: mlmdConfig(store.mlmdServer) })] : []),
  ];
}

function configMap(wanted: Wanted, component: 'gateway' | 'mlmd', data: Readonly<Record<string, string>>): KubeObject {
  return { ...headOf(wanted, 'ConfigMap', componentName(wanted, component)), data };
}
