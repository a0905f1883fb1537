import packageJson from '../../package.json' with { type: 'json' };
import type { OnAnswer } from '../auth/answer-cache.ts';
import { createGatewayMetrics, familiesOf } from '../metrics/gateway-metrics.ts';
import { measuredPolicy } from '../metrics/measured-policy.ts';
import { measuredStore } from '../metrics/measured-store.ts';
import { createProcessMetrics } from '../metrics/process-metrics.ts';
import { serveMetrics } from '../metrics/serve-metrics.ts';
import { createStoreMetrics, type StoreReadings } from '../metrics/store-metrics.ts';
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
  const metrics = createGatewayMetrics();
  let readings: StoreReadings = {};
  return {
    door: metricsDoor(host, port, () => [
      ...familiesOf(metrics),
      ...createStoreMetrics(readings),
      ...createProcessMetrics(packageJson.version),
    ]),
    onAnswer: (about) => (from) => metrics.answers.add([about, from]),
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

function metricsDoor(host: string, port: number, families: () => Parameters<typeof serveMetrics>[2]): Door {
  const address = { host, port, option: '--metrics-port' };
  return {
    address,
    async open() {
      try {
        const { url, close } = await serveMetrics(host, port, families());
        return { welcome: `Metrics are at ${url}`, drain: () => {}, close: async () => close() };
      } catch (cause) {
        throw listenProblem(cause, address);
      }
    },
  };
}
