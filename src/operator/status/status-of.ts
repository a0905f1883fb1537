import { hostsOf } from '../desired/entrances.ts';
import { imageOf } from '../desired/gateway-deployment.ts';
import type { KubeObject } from '../kube/kube-object.ts';
import type { Facts, Seen } from '../reconcile.ts';
import type { Condition, ModelRegistry, RegistryStatus } from '../registry/model-registry.ts';
import { type DeploymentState, deploymentState } from './deployment-state.ts';
import { missingKindProblem, objectProblem } from './object-problem.ts';
import { podProblem } from './pod-problem.ts';
import type { Problem } from './problem.ts';

/** When it is told, and what the API server refused. */
export interface Report extends Facts {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly refused: Problem | undefined;
}

type Told = Omit<Condition, 'lastTransitionTime' | 'observedGeneration'>;

/** What is told of a registry. A condition keeps its time while its status stays. */
export function statusOf(registry: ModelRegistry, seen: Seen, report: Report): RegistryStatus {
  const { generation = 0 } = registry.metadata;
  const deployments = seen.owned.filter(({ kind }) => kind === 'Deployment').map(deploymentState);
  const gateway = deployments.find(({ name }) => name === registry.metadata.name);
  const problem = problemOf(registry, seen, report, deployments);
  const conditions = [available(gateway), progressing(deployments, problem), degraded(problem)];
  return {
    observedGeneration: generation,
    conditions: conditions.map((told) => dated(told, registry, report.now)),
    hosts: hostsOf({ registry, defaultImage: report.defaultImage }),
    store: Object.keys(registry.spec.store)[0] ?? '',
    image: imageOf({ registry, defaultImage: report.defaultImage }),
    ready: `${gateway?.available ?? 0}/${registry.spec.replicas}`,
  };
}

/** The first of what is wrong: what explains most comes first. */
function problemOf(
  registry: ModelRegistry,
  { owned, pods }: Seen,
  { optionalKinds, now, refused }: Report,
  deployments: readonly DeploymentState[],
): Problem | undefined {
  const { spec } = registry;
  const problems = [
    refused,
    missingKindProblem(spec, optionalKinds),
    ...deployments.map(({ problem }) => problem),
    ...serverFirst(pods).map((pod) => podProblem(pod, spec.store, now)),
    ...owned.map(objectProblem),
  ].filter((each) => each !== undefined);
  return problems.find(({ reason }) => reason !== 'DatabaseUnreachable') ?? problems[0];
}

/** Without MLMD's server no gateway is ready. */
function serverFirst(pods: readonly KubeObject[]): readonly KubeObject[] {
  const isServer = ({ metadata }: KubeObject) => metadata.labels?.['app.kubernetes.io/component'] === 'mlmd';
  return [...pods.filter(isServer), ...pods.filter((pod) => !isServer(pod))];
}

function available(gateway: DeploymentState | undefined): Told {
  const type = 'Available';
  if (gateway && gateway.wanted === 0) {
    return { type, status: 'False', reason: 'ScaledToZero', message: 'No pods are wanted: replicas is 0.' };
  }
  if (gateway && gateway.available > 0) {
    const message = `${gateway.available} of ${gateway.wanted} pods serve.`;
    return { type, status: 'True', reason: 'PodsReady', message };
  }
  return { type, status: 'False', reason: 'NoPodReady', message: 'No pod of the gateway is ready.' };
}

function progressing(deployments: readonly DeploymentState[], problem: Problem | undefined): Told {
  const type = 'Progressing';
  const moving = deployments.find(({ settled }) => !settled);
  if (moving) {
    const message = `Deployment ${moving.name} has ${moving.available} of ${moving.wanted} pods as they are wanted.`;
    return { type, status: 'True', reason: 'RollingOut', message };
  }
  if (deployments.length > 0) return { type, status: 'False', reason: 'Settled', message: 'All is as it is wanted.' };
  const reason = problem ? 'Blocked' : 'Starting';
  return { type, status: problem ? 'False' : 'True', reason, message: problem?.message ?? 'Objects are being made.' };
}

function degraded(problem: Problem | undefined): Told {
  const type = 'Degraded';
  if (problem) return { type, status: 'True', ...problem };
  return { type, status: 'False', reason: 'Healthy', message: 'Nothing is known to be wrong.' };
}

function dated(told: Told, { metadata, status }: ModelRegistry, now: number): Condition {
  const before = status?.conditions.find(({ type }) => type === told.type);
  const { message } = told;
  return {
    ...told,
    message: message.length > 2_000 ? `${message.slice(0, 2_000)}…` : message,
    lastTransitionTime:
      before?.status === told.status ? before.lastTransitionTime : `${new Date(now).toISOString().slice(0, 19)}Z`,
    observedGeneration: metadata.generation ?? 0,
  };
}
