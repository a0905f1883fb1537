import { aroundCalls } from '../mlmd/around-calls.ts';
import type { MetadataStore } from '../mlmd/store.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';
import { outcomeOf } from './outcome.ts';

/** A store whose calls are counted and timed, and counted for the request that makes them. */
export function measuredStore(
  store: MetadataStore,
  { callSeconds }: Pick<GatewayMetrics, 'callSeconds'>,
): MetadataStore {
  return aroundCalls(store, async ({ name, call }, make) => {
    if (call?.tally) call.tally.calls += 1;
    const begun = performance.now();
    const ended = (code: string) => callSeconds.observe({ call: name, code }, (performance.now() - begun) / 1_000);
    try {
      const answer = await make();
      ended('OK');
      return answer;
    } catch (error) {
      ended(outcomeOf(error));
      throw error;
    }
  });
}
