import type { V1IngressSpec } from '@kubernetes/client-node';

import { OPTIONAL_KINDS } from '../kube/kinds.ts';
import type { KubeObject } from '../kube/kube-object.ts';
import { namespaceOf } from '../registry/model-registry.ts';
import { headOf, type Wanted } from './wanted.ts';

/** The Ingress, where one is asked for. */
export function ingress(wanted: Wanted): KubeObject[] {
  const { name } = wanted.registry.metadata;
  const { ingress } = wanted.registry.spec.exposure;
  if (ingress === undefined) return [];
  const { host, className, tlsSecret } = ingress;
  const backend = { service: { name, port: { name: 'http' } } };
  return [
    {
      ...headOf(wanted, 'Ingress', name),
      spec: {
        ...(className === undefined ? {} : { ingressClassName: className }),
        rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
        ...(tlsSecret === undefined ? {} : { tls: [{ hosts: [host], secretName: tlsSecret }] }),
      } satisfies V1IngressSpec,
    },
  ];
}

/** The HTTPRoute of the Gateway API, where one is asked for. */
export function httpRoute(wanted: Wanted): KubeObject[] {
  const { name } = wanted.registry.metadata;
  const { gateway } = wanted.registry.spec.exposure;
  if (gateway === undefined) return [];
  const { host, sectionName } = gateway;
  const parent = {
    group: 'gateway.networking.k8s.io',
    kind: 'Gateway',
    name: gateway.name,
    namespace: gateway.namespace ?? namespaceOf(wanted.registry),
    ...(sectionName === undefined ? {} : { sectionName }),
  };
  return [
    {
      ...headOf(wanted, OPTIONAL_KINDS.httpRoute.kind, name),
      spec: {
        parentRefs: [parent],
        hostnames: [host],
        rules: [{ backendRefs: [{ group: '', kind: 'Service', name, port: 80 }] }],
      },
    },
  ];
}

/** Where clients find the registry. */
export function hostsOf({ registry }: Wanted): string[] {
  const { ingress, gateway } = registry.spec.exposure;
  const service = `${registry.metadata.name}.${namespaceOf(registry)}.svc`;
  return [service, ...(ingress ? [ingress.host] : []), ...(gateway ? [gateway.host] : [])];
}
