import type { Logger } from 'pino';

import packageJson from '../../package.json' with { type: 'json' };
import { readTraceCollector } from '../config.ts';
import { RegistryError } from '../errors.ts';
import type { MetadataStore } from '../mlmd/store.ts';
import type { Tracer } from '../traces/tracer.ts';

/** Traces that are sent to a collector. */
export interface Tracing {
  readonly tracer: Tracer;
  /** The store, whose calls are parts of traces from now on. */
  followed(store: MetadataStore): MetadataStore;
  /** Sends what is left. */
  close(): Promise<void>;
}

/**
 * Traces to the collector of the flag, or of the environment; undefined where neither names one, and then nothing of it
 * is loaded. INVALID_ARGUMENT for what is no address.
 */
export async function openTracing(flag: string | undefined, log: Logger): Promise<Tracing | undefined> {
  const url = flag ?? readTraceCollector();
  if (url === undefined) return undefined;
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
    throw new RegistryError(
      'INVALID_ARGUMENT',
      `'${url}' is no address of a collector, such as http://localhost:4318.`,
    );
  }
  const [{ exportOtlp }, { createTracer }, { tracedStore }] = await Promise.all([
    import('../traces/export-otlp.ts'),
    import('../traces/tracer.ts'),
    import('../traces/traced-store.ts'),
  ]);
  const { spans, close } = exportOtlp({
    url,
    version: packageJson.version,
    onFailure: (error) => log.warn({ err: error }, 'spans were lost: the collector did not take them'),
  });
  const tracer = createTracer(spans);
  return { tracer, followed: (store) => tracedStore(store, tracer), close };
}
