import type { V1ServiceSpec } from '@kubernetes/client-node';

import type { KubeObject } from '../kube/kube-object.ts';
import { componentName, headOf, PORTS, selectorOf, type Wanted } from './wanted.ts';

/** How the gateway is reached, and how it reaches MLMD's server. */
export function services(wanted: Wanted): KubeObject[] {
  const { exposure, store } = wanted.registry.spec;
  const gateway: V1ServiceSpec = {
    type: exposure.service.type,
    selector: selectorOf(wanted, 'gateway'),
    ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP', appProtocol: 'http' }],
  };
  const mlmd: V1ServiceSpec = {
    type: 'ClusterIP',
    selector: selectorOf(wanted, 'mlmd'),
    ports: [{ name: 'grpc', port: PORTS.mlmd, targetPort: 'grpc', protocol: 'TCP', appProtocol: 'grpc' }],
  };
  return [
    { ...headOf(wanted, 'Service', wanted.registry.metadata.name), spec: gateway },
    ...(store.mlmdServer ? [{ ...headOf(wanted, 'Service', componentName(wanted, 'mlmd')), spec: mlmd }] : []),
  ];
}
