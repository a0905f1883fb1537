import { MODEL_REGISTRY, ownedKind, pathOf } from './kube/kinds.ts';
import type { KubeClient, RequestDetails } from './kube/kube-client.ts';
import { hasStatus, KubeError } from './kube/kube-error.ts';
import { type KubeObject, nameOf } from './kube/kube-object.ts';
import type { Action } from './reconcile.ts';
import { type ModelRegistry, namespaceOf } from './registry/model-registry.ts';
import type { Problem } from './status/problem.ts';
import { refusalOf, takenProblem } from './status/refusal.ts';

/** Whose the fields are that we apply. */
export const FIELD_MANAGER = 'modelgraph-operator';

type Apply = Extract<Action, { type: 'apply' }>;

/**
 * Does it all, or nothing: what the API server would refuse is found out before anything is applied. Gives why it was
 * refused; throws where it is to be tried again.
 */
export async function perform(
  client: KubeClient,
  registry: ModelRegistry,
  actions: readonly Action[],
): Promise<Problem | undefined> {
  const applies = actions.filter((action) => action.type === 'apply');
  const refused = (await findTaken(client, registry, applies)) ?? (await rehearse(client, applies));
  if (refused) return refused;
  for (const action of actions) {
    if (action.type === 'finalizers') await writeFinalizers(client, registry, action.finalizers);
    else if (action.type === 'delete') await remove(client, action.object);
    else {
      const problem = await refusal(action.object, () => apply(client, action.object, {}));
      if (problem) return problem;
    }
  }
  return undefined;
}

/** An object that we have not seen may be there all the same, without our label: somebody else's. */
async function findTaken(
  client: KubeClient,
  registry: ModelRegistry,
  applies: readonly Apply[],
): Promise<Problem | undefined> {
  const created = applies.filter(({ why }) => why === 'create').map(({ object }) => object);
  const found = await Promise.all(created.map((object) => find(client, object)));
  const index = found.findIndex((object) => object !== undefined && !isOurs(object, registry));
  const taken = created[index];
  return taken && takenProblem(taken);
}

async function find(client: KubeClient, object: KubeObject): Promise<KubeObject | undefined> {
  try {
    return (await client.request('GET', placeOf(object))) as KubeObject;
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

/** We have applied it once, and it goes with no other. */
function isOurs({ metadata }: KubeObject, registry: ModelRegistry): boolean {
  const { ownerReferences = [], managedFields = [] } = metadata;
  const controller = ownerReferences.find(({ controller }) => controller === true);
  if (controller) return controller.uid === registry.metadata.uid;
  return managedFields.some(({ manager }) => manager === FIELD_MANAGER);
}

async function rehearse(client: KubeClient, applies: readonly Apply[]): Promise<Problem | undefined> {
  for (const { object } of applies) {
    const problem = await refusal(object, async () => {
      try {
        await apply(client, object, { dryRun: 'All' });
      } catch (error) {
        // A RoleBinding that is rehearsed does not find its Role, which was rehearsed only.
        if (!hasStatus(error, 404)) throw error;
      }
    });
    if (problem) return problem;
  }
  return undefined;
}

/** What the server refuses for good becomes a problem; all else is thrown. */
async function refusal(object: KubeObject, work: () => Promise<unknown>): Promise<Problem | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    const final = error instanceof KubeError && [400, 403, 422].includes(error.status);
    if (!final) throw new Error(`${nameOf(object)} could not be applied`, { cause: error });
    return refusalOf(object, error);
  }
}

async function apply(client: KubeClient, object: KubeObject, query: Readonly<Record<string, string>>) {
  await client.request('PATCH', placeOf(object), serverSideApply(object, query));
}

/** The details of a server-side apply that takes back what others have changed of ours. */
export function serverSideApply(body: unknown, query: Readonly<Record<string, string>> = {}): RequestDetails {
  const contentType = 'application/apply-patch+yaml';
  return { body, contentType, query: { ...query, fieldManager: FIELD_MANAGER, force: 'true' } };
}

async function remove(client: KubeClient, object: KubeObject): Promise<void> {
  const { uid } = object.metadata;
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid }, propagationPolicy: 'Background' };
  try {
    await client.request('DELETE', placeOf(object), { body });
  } catch (error) {
    if (!hasStatus(error, 404) && !hasStatus(error, 409)) throw error;
  }
}

async function writeFinalizers(client: KubeClient, registry: ModelRegistry, finalizers: readonly string[]) {
  const { name, resourceVersion } = registry.metadata;
  const body = { metadata: { resourceVersion, finalizers } };
  const path = pathOf(MODEL_REGISTRY, namespaceOf(registry), name);
  try {
    await client.request('PATCH', path, { body, contentType: 'application/merge-patch+json' });
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
  }
}

function placeOf({ kind, metadata }: KubeObject): string {
  return pathOf(ownedKind(kind), metadata.namespace, metadata.name);
}
