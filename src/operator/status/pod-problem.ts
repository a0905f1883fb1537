import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';

import type { KubeObject } from '../kube/kube-object.ts';
import type { RegistrySpec } from '../registry/model-registry.ts';
import type { Problem } from './problem.ts';

const IMAGE_REASONS: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
]);

/** Seconds in which a pod that runs should be ready. */
const READY_SECONDS = 30;

/** What keeps a pod from serving, as far as it tells; `now` in milliseconds. */
export function podProblem(object: KubeObject, store: RegistrySpec['store'], now: number): Problem | undefined {
  const { metadata, status } = object as V1Pod & KubeObject;
  if (metadata.deletionTimestamp !== undefined) return undefined;
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return (
    unscheduled(metadata.name, status) ??
    containers.map((each) => containerProblem(metadata.name, each, store)).find((each) => each !== undefined) ??
    notReady(metadata.name, status, store, now)
  );
}

function unscheduled(pod: string, status: V1Pod['status']): Problem | undefined {
  const found = status?.conditions?.find(({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable');
  return found && { reason: 'Unschedulable', message: `Pod ${pod}: ${found.message}` };
}

function containerProblem(
  pod: string,
  { name, image, state, lastState, restartCount }: V1ContainerStatus,
  store: RegistrySpec['store'],
): Problem | undefined {
  const { reason = '', message = '' } = state?.waiting ?? {};
  if (IMAGE_REASONS.has(reason)) {
    return { reason: 'ImagePull', message: `Pod ${pod} cannot get the image ${image}: ${message || reason}` };
  }
  if (reason === 'CreateContainerConfigError') {
    return { reason: 'SecretMissing', message: `Pod ${pod}: ${message}. Create it; the pod starts by itself then.` };
  }
  const ended = state?.terminated ?? lastState?.terminated;
  if (reason !== 'CrashLoopBackOff' && !(ended && ended.exitCode !== 0 && restartCount > 1 && !state?.running)) {
    return undefined;
  }
  const code = ended ? ` with exit code ${ended.exitCode} (${ended.reason})` : '';
  if (ended?.reason === 'OOMKilled') {
    return {
      reason: 'OutOfMemory',
      message: `Pod ${pod} needed more memory than its limit: raise resources.limits.memory.`,
    };
  }
  if (name === 'mlmd') {
    const { host, port } = store.mlmdServer?.postgres ?? store.mlmdServer?.mysql ?? { host: '', port: 0 };
    const what = `MLMD's server in pod ${pod} ends${code}, as it does when it cannot use its database`;
    return { reason: 'DatabaseUnreachable', message: `${what}: look at its log, and whether ${host}:${port} answers.` };
  }
  return { reason: 'CrashLoop', message: `Container ${name} of pod ${pod} ends${code}: look at its log.` };
}

function notReady(
  pod: string,
  status: V1Pod['status'],
  store: RegistrySpec['store'],
  now: number,
): Problem | undefined {
  const container = status?.containerStatuses?.find(({ ready, state }) => !ready && state?.running);
  const since = Date.parse(String(container?.state?.running?.startedAt));
  if (container?.name !== 'gateway' || !(now - since > READY_SECONDS * 1_000)) return undefined;
  const where = store.mlmd?.host ?? (store.mlmdServer ? "MLMD's server" : 'the embedded store');
  const message = `Pod ${pod} runs, but its /readyz says that it cannot serve: ${where} does not answer it.`;
  return { reason: 'DatabaseUnreachable', message };
}
