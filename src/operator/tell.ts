import { isDeepStrictEqual } from 'node:util';

import { EVENT, MODEL_REGISTRY, pathOf } from './kube/kinds.ts';
import type { KubeClient } from './kube/kube-client.ts';
import { hasStatus } from './kube/kube-error.ts';
import { nameOf } from './kube/kube-object.ts';
import { FIELD_MANAGER, serverSideApply } from './perform.ts';
import type { Action } from './reconcile.ts';
import { type ModelRegistry, namespaceOf, type RegistryStatus } from './registry/model-registry.ts';
import { type Announcement, announcements } from './status/announcements.ts';

/** Writes the status where it has changed, and the Events that go with it. */
export async function tell(client: KubeClient, registry: ModelRegistry, status: RegistryStatus): Promise<void> {
  if (isDeepStrictEqual(registry.status, status)) return;
  const { apiVersion, kind, metadata } = registry;
  const { name, namespace, uid } = metadata;
  const path = `${pathOf(MODEL_REGISTRY, namespace, name)}/status`;
  try {
    await client.request(
      'PATCH',
      path,
      serverSideApply({ apiVersion, kind, metadata: { name, namespace, uid }, status }),
    );
  } catch (error) {
    if (hasStatus(error, 404) || hasStatus(error, 409)) return; // it is gone, or another one has its name
    throw error;
  }
  for (const each of announcements(registry.status, status)) await announce(client, registry, each);
}

/** An Event for what others had changed or deleted. */
export async function tellMended(client: KubeClient, registry: ModelRegistry, actions: readonly Action[]) {
  const mended = actions.flatMap((action) =>
    action.type === 'apply' && action.why === 'mend' ? [nameOf(action.object)] : [],
  );
  if (mended.length === 0) return;
  const message = `Others had changed what the ModelRegistry says; it was put back: ${mended.join(', ')}.`;
  await announce(client, registry, { type: 'Normal', reason: 'Mended', message });
}

async function announce(client: KubeClient, registry: ModelRegistry, { type, reason, message }: Announcement) {
  const { apiVersion, kind, metadata } = registry;
  const { name, namespace, uid } = metadata;
  const now = new Date().toISOString();
  await client.request('POST', pathOf(EVENT, namespaceOf(registry)), {
    body: {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { generateName: `${name}.`, namespace },
      involvedObject: { apiVersion, kind, name, namespace, uid },
      type,
      reason,
      message: message.slice(0, 1_000),
      source: { component: FIELD_MANAGER },
      reportingComponent: FIELD_MANAGER,
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    },
  });
}
