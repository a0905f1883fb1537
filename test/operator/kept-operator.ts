import { setTimeout } from 'node:timers/promises';

import type { Running } from '../process.ts';
import { runOperator, stopOperator } from './rig.ts';

/** An operator that is started again when it ends, as the kubelet does it. */
export interface KeptOperator extends AsyncDisposable {
  readonly current: Running;
  /** Stops it for good, and expects that it ends well. */
  stop(): Promise<void>;
}

/** Starts one. It may end when it loses its lease, which takes seconds that a loaded machine may take for anything. */
export function keepOperator(kubeconfig: string, ...flags: readonly string[]): KeptOperator {
  let current = runOperator(kubeconfig, ...flags);
  let stopped = false;
  const keep = async () => {
    while (!stopped) {
      if (current.over) current = runOperator(kubeconfig, ...flags);
      await setTimeout(100);
    }
  };
  void keep();
  return {
    get current() {
      return current;
    },
    async stop() {
      stopped = true;
      if (!current.over) await stopOperator(current);
    },
    async [Symbol.asyncDispose]() {
      stopped = true;
      await current[Symbol.asyncDispose]();
    },
  };
}
