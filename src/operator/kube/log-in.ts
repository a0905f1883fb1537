import { readFileSync } from 'node:fs';
import { KubeConfig } from '@kubernetes/client-node';

import { RegistryError } from '../../errors.ts';
import type { Login } from './kube-client.ts';

/** Where a pod finds the name of its namespace. */
const OWN_NAMESPACE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/**
 * Who we are, by a kubeconfig file or by what kubectl would use; within a pod its ServiceAccount. INVALID_ARGUMENT for a
 * file that cannot be read or names no cluster.
 */
export function logIn(kubeconfig: string | undefined): Login {
  const config = load(kubeconfig);
  const cluster = config.getCurrentCluster();
  if (!cluster) {
    const message = `${kubeconfig ?? 'The kubeconfig'} has no current context that names a cluster: choose one with kubectl config use-context.`;
    throw new RegistryError('INVALID_ARGUMENT', message);
  }
  return {
    server: cluster.server,
    namespace: config.getContextObject(config.currentContext)?.namespace ?? ownNamespace(),
    async options() {
      const options = {};
      await config.applyToHTTPSOptions(options);
      return options;
    },
  };
}

function load(kubeconfig: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfig);
    return config;
  } catch (cause) {
    const what = kubeconfig ?? 'The kubeconfig';
    throw new RegistryError('INVALID_ARGUMENT', `${what} cannot be read as a kubeconfig.`, { cause });
  }
}

function ownNamespace(): string {
  try {
    return readFileSync(OWN_NAMESPACE, 'utf8').trim();
  } catch {
    return 'default';
  }
}
