import type { Logger } from 'pino';

import type { OperatorMetrics } from '../metrics/operator-metrics.ts';
import type { KubeClient } from './kube/kube-client.ts';
import { nameOf } from './kube/kube-object.ts';
import { perform } from './perform.ts';
import { type Action, type Facts, reconcile } from './reconcile.ts';
import { seeObjects } from './seen-objects.ts';
import { statusOf } from './status/status-of.ts';
import { tell, tellMended } from './tell.ts';
import { createWorkQueue, type WorkQueue } from './work-queue.ts';

/** What the controller works with. */
export interface ControllerOptions {
  readonly client: KubeClient;
  readonly log: Logger;
  readonly defaultImage: string;
  /** How long a watch is trusted before all is listed anew. */
  readonly relistSeconds: number;
  /** Absent where nobody reads them. */
  readonly metrics: OperatorMetrics | undefined;
}

/** A controller at work. */
export interface Controller {
  /** Everything was listed, and work has begun. */
  isReady(): boolean;
  /** How many ModelRegistries wait to be looked at. */
  waiting(): number;
  /** Finishes what was begun. */
  stop(): Promise<void>;
}

/** Makes and keeps all ModelRegistries as they are wanted, until it is stopped. */
export function startController(options: ControllerOptions): Controller {
  const { client, log, defaultImage, relistSeconds, metrics } = options;
  const stopping = new AbortController();
  let queue: WorkQueue | undefined;
  const early = new Set<string>();
  const seen = seeObjects(
    client,
    {
      relistSeconds,
      onChange: (key) => (queue ? queue.add(key) : early.add(key)),
      onFailure({ kind }, error) {
        metrics?.watchFailures.inc({ kind });
        log.warn({ kind, err: error }, 'could not list or watch; trying again');
      },
    },
    stopping.signal,
  );

  const work = async (key: string): Promise<'done' | 'refused'> => {
    const registry = seen.registry(key);
    if (registry === undefined) return 'done';
    const facts: Facts = { defaultImage, optionalKinds: seen.optionalKinds() };
    const actions = reconcile(registry, seen.of(key), facts);
    for (const action of actions) {
      metrics?.actions.inc(labelsOf(action));
      if (action.type !== 'finalizers') log.info({ registry: key, ...action, object: nameOf(action.object) }, 'acting');
    }
    const refused = await perform(client, registry, actions);
    if (refused) log.warn({ registry: key, ...refused }, 'refused');
    if (registry.metadata.deletionTimestamp !== undefined) return refused ? 'refused' : 'done';
    await tell(client, registry, statusOf(registry, seen.of(key), { ...facts, now: Date.now(), refused }));
    if (!refused) await tellMended(client, registry, actions);
    return refused ? 'refused' : 'done';
  };
  void seen.complete.then(() => {
    if (stopping.signal.aborted) return;
    queue = createWorkQueue(measured(work, metrics), (key, error) =>
      log.warn({ registry: key, err: error }, 'failed; trying again'),
    );
    for (const key of early) queue.add(key);
    early.clear();
    log.info('watching');
  });
  return {
    isReady: () => queue !== undefined,
    waiting: () => queue?.length() ?? early.size,
    async stop() {
      stopping.abort();
      await queue?.close();
    },
  };
}

function labelsOf(action: Action) {
  if (action.type === 'finalizers') return { action: action.type, kind: 'ModelRegistry' };
  return { action: action.type === 'apply' ? action.why : action.type, kind: action.object.kind };
}

function measured(
  work: (key: string) => Promise<'done' | 'refused'>,
  metrics: OperatorMetrics | undefined,
): (key: string) => Promise<void> {
  return async (key) => {
    const begun = performance.now();
    let result = 'failed';
    try {
      result = await work(key);
    } finally {
      metrics?.reconciles.inc({ result });
      metrics?.reconcileSeconds.observe((performance.now() - begun) / 1_000);
    }
  };
}
