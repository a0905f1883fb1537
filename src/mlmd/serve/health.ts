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
  const implementation: HealthServer = {
    check({ request: { service = '' } }: ServerUnaryCall<HealthCheckRequest, HealthCheckResponse>, respond) {
      const unknown = { code: status.NOT_FOUND, details: 'There is no such service here.' };
      statusOf(store, service).then((found) => (found ? respond(null, { status: found }) : respond(unknown)));
    },
    watch(call) {
      watches.add(call);
      call.once('cancelled', () => watches.delete(call));
      statusOf(store, call.request.service ?? '').then((found) => {
        if (watches.has(call)) call.write({ status: found ?? Serving.SERVICE_UNKNOWN });
      });
    },
    list(_call, respond) {
      statusOf(store, STORE_SERVICE).then((found) => {
        const statuses = new Map([
          ['', { status: Serving.SERVING }],
          [STORE_SERVICE, { status: found }],
        ]);
        respond(null, { statuses });
      });
    },
  };
  return {
    service: HealthService as ServiceDefinition,
    implementation,
    end() {
      for (const call of watches) {
        call.write({ status: Serving.NOT_SERVING });
        call.end();
      }
      watches.clear();
    },
  };
}

/** Undefined for a name that nobody has. Never rejects. */
async function statusOf(store: MetadataStore, service: string): Promise<Status | undefined> {
  if (service === '') return Serving.SERVING;
  if (service !== STORE_SERVICE) return undefined;
  try {
    // The cheapest question that only a store that works can answer.
    await store.getContextsById({ contextIds: [] }, { deadline: Date.now() + TIMEOUT_MS });
    return Serving.SERVING;
  } catch {
    return Serving.NOT_SERVING;
  }
}
