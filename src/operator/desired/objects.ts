import type { KubeObject } from '../kube/kube-object.ts';
import { authConfig } from './auth-config.ts';
import { configMaps } from './config-maps.ts';
import { digestOf } from './digest.ts';
import { disruptionBudget } from './disruption-budget.ts';
import { httpRoute, ingress } from './entrances.ts';
import { gatewayDeployment } from './gateway-deployment.ts';
import { mlmdDeployment } from './mlmd-deployment.ts';
import { networkPolicies } from './network-policies.ts';
import { authDelegator, roleBindings } from './role-bindings.ts';
import { roles } from './roles.ts';
import { serviceAccount } from './service-account.ts';
import { services } from './services.ts';
import { volumeClaim } from './volume-claim.ts';
import type { Wanted } from './wanted.ts';

/** The annotation that tells an object that is as an earlier operator or spec wanted it. */
export const APPLIED = 'modelgraph.dev/applied';

/** All that a registry is made of, in the order in which it is made: what pods need comes before them. */
export function desiredObjects(wanted: Wanted): readonly KubeObject[] {
  const { mlmdServer } = wanted.registry.spec.store;
  const objects = [
    serviceAccount(wanted, 'gateway'),
    ...(mlmdServer ? [serviceAccount(wanted, 'mlmd')] : []),
    ...authDelegator(wanted),
    ...roles(wanted),
    ...roleBindings(wanted),
    ...configMaps(wanted),
    ...volumeClaim(wanted),
    ...networkPolicies(wanted),
    disruptionBudget(wanted),
    ...services(wanted),
    ...authConfig(wanted),
    ...(mlmdServer ? [mlmdDeployment(wanted, mlmdServer)] : []),
    gatewayDeployment(wanted),
    ...ingress(wanted),
    ...httpRoute(wanted),
  ];
  return objects.map(marked);
}

function marked(object: KubeObject): KubeObject {
  const annotations = { ...object.metadata.annotations, [APPLIED]: digestOf(object) };
  return { ...object, metadata: { ...object.metadata, annotations } };
}
