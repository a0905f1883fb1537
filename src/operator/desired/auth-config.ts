import { OPTIONAL_KINDS } from '../kube/kinds.ts';
import type { KubeObject } from '../kube/kube-object.ts';
import { namespaceOf } from '../registry/model-registry.ts';
import { VIRTUAL_GROUP } from './roles.ts';
import { headOf, type Wanted } from './wanted.ts';

/** The host by which Authorino finds the AuthConfig of the registry. */
export function authorinoHost({ registry }: Wanted): string {
  const { name } = registry.metadata;
  return registry.spec.auth.authorino?.host ?? `${name}.${namespaceOf(registry)}.modelgraph`;
}

/** The gateway sends this verb to learn only who asks. */
const UNDECIDED = 'authenticate';

/** What stands in the body of the gateway's question. */
function asked(part: 'verb' | 'resource') {
  return { selector: `context.request.http.body.@fromstr.${part}` };
}

/** Who asks, as the TokenReview has it. */
const CALLER = {
  name: { selector: 'auth.identity.user.username' },
  groups: { selector: 'auth.identity.user.groups' },
};

/** Authorino's AuthConfig: a token of the cluster, and RBAC about the verb and the resource that the gateway sends. */
export function authConfig(wanted: Wanted): KubeObject[] {
  const { authorino } = wanted.registry.spec.auth;
  if (authorino === undefined) return [];
  const { metadata } = wanted.registry;
  return [
    {
      ...headOf(wanted, OPTIONAL_KINDS.authConfig.kind, metadata.name),
      spec: {
        hosts: [authorinoHost(wanted)],
        authentication: { cluster: { kubernetesTokenReview: { audiences: [authorino.audience] } } },
        authorization: {
          rbac: {
            when: [{ ...asked('verb'), operator: 'neq', value: UNDECIDED }],
            kubernetesSubjectAccessReview: {
              user: CALLER.name,
              authorizationGroups: CALLER.groups,
              resourceAttributes: {
                group: { value: VIRTUAL_GROUP },
                namespace: { value: namespaceOf(wanted.registry) },
                name: { value: metadata.name },
                resource: asked('resource'),
                verb: asked('verb'),
              },
            },
          },
        },
        // The gateway takes an answer without it for none.
        response: { success: { headers: { 'x-modelgraph-user': { json: { properties: CALLER } } } } },
      },
    },
  ];
}
