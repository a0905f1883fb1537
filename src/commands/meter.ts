import { Registry } from 'prom-client';

import packageJson from '../../package.json' with { type: 'json' };
import type { OnAnswer } from '../auth/answer-cache.ts';
import { createGatewayMetrics } from '../metrics/gateway-metrics.ts';
import { measuredPolicy } from '../metrics/measured-policy.ts';
import { measuredStore } from '../metrics/measured-store.ts';
import { addProcessMetrics } from '../metrics/process-metrics.ts';
import { serveMetrics } from '../metrics/serve-metrics.ts';
import { addStoreMetrics, type StoreReadings } from '../metrics/store-metrics.ts';
import { listenProblem } from './address.ts';
import type { AnswerAbout } from './auth/parts.ts';
import type { Behind, Door } from './listen.ts';

/** What measures a command that listens. */
export interface Meter {
  /** Where the metrics are read. */
  readonly door: Door;
  onAnswer(about: AnswerAbout): OnAnswer;
  /** Has these told too, from now on. */
  read(readings: StoreReadings): void;
  /** The same things, which are counted from now on. */
  measured(behind: Behind): Behind;
}

/** A meter whose metrics are read at this address. */
export function createMeter({ host, port }: { readonly host: string; readonly port: number }): Meter {
  const registry = new Registry();
  const metrics = createGatewayMetrics(registry);
  let readings: StoreReadings = {};
  addStoreMetrics(registry, () => readings);
  addProcessMetrics(registry, packageJson.version);
  return {
    door: metricsDoor(host, port, registry),
    onAnswer: (about) => (from) => metrics.answers.inc({ about, from }),
    read(known) {
      readings = known;
    },
    measured: (behind) => ({
      ...behind,
      metrics,
      store: measuredStore(behind.store, metrics),
      policy: measuredPolicy(behind.policy, metrics),
    }),
  };
}

function metricsDoor(host: string, port: number, registry: Registry): Door {
  const address = { host, port, option: '--metrics-port' };
  return {
    address,
    async open() {
      try {
        const { url, close } = await serveMetrics(host, port, registry);
        return { welcome: `Metrics are at ${url}`, drain: () => {}, close: async () => close() };
      } catch (cause) {
        throw listenProblem(cause, address);
      }
    },
  };
}
