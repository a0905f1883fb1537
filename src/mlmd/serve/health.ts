import { type ServerUnaryCall, type ServerWritableStream, type ServiceDefinition, status } from '@grpc/grpc-js';

import {
  type HealthCheckRequest,
  type HealthCheckResponse,
  type HealthServer,
  HealthService,
  HealthCheckResponse_ServingStatus as Serving,
} from '../../generated/proto/grpc/health/v1/health.ts';
import type { MetadataStore } from '../store.ts';
import type { Extra } from './extra.ts';

/** How long a health check waits for the store, in milliseconds. */
const TIMEOUT_MS = 1_000;

const STORE_SERVICE = 'ml_metadata.MetadataStoreService';

type Status = Serving;
type Watch = ServerWritableStream<HealthCheckRequest, HealthCheckResponse>;

/**
 * The health service of all gRPC servers (grpc.health.v1). The empty name asks whether the process serves,
 * `ml_metadata.MetadataStoreService` whether its store answers too. A watcher gets the status of the moment, and
 * NOT_SERVING when the server stops.
 */
export function createHealth(store: MetadataStore): Extra {
  const watches = new Set<Watch>();
  let ending = false;
  const statusNow = (service: string) => statusOf(store, service, ending);
  const implementation: HealthServer = {
    check({ request: { service = '' } }: ServerUnaryCall<HealthCheckRequest, HealthCheckResponse>, respond) {
      const unknown = { code: status.NOT_FOUND, details: 'There is no such service here.' };
      statusNow(service).then((found) => (found ? respond(null, { status: found }) : respond(unknown)));
    },
    watch(call) {
      watches.add(call);
      call.once('cancelled', () => watches.delete(call));
      statusNow(call.request.service ?? '').then((found) => {
        if (watches.has(call)) call.write({ status: found ?? Serving.SERVICE_UNKNOWN });
      });
    },
    list(_call, respond) {
      const names = ['', STORE_SERVICE];
      Promise.all(names.map(statusNow)).then((found) => {
        respond(null, { statuses: new Map(names.map((name, at) => [name, { status: found[at] }])) });
      });
    },
  };
  return {
    service: HealthService as ServiceDefinition,
    implementation,
    end() {
      ending = true;
      for (const call of watches) {
        call.write({ status: Serving.NOT_SERVING });
        call.end();
      }
      watches.clear();
    },
  };
}

/** Undefined for a name that nobody has. Never rejects. */
async function statusOf(store: MetadataStore, service: string, ending: boolean): Promise<Status | undefined> {
  if (service !== '' && service !== STORE_SERVICE) return undefined;
  if (ending) return Serving.NOT_SERVING;
  if (service === '') return Serving.SERVING;
  try {
    // The cheapest question that only a store that works can answer.
    await store.getContextsById({ contextIds: [] }, { deadline: Date.now() + TIMEOUT_MS });
    return Serving.SERVING;
  } catch {
    return Serving.NOT_SERVING;
  }
}
