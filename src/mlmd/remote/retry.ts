import type { ServiceConfig } from '@grpc/grpc-js';

import { MetadataStoreServiceService } from '../../generated/proto/ml_metadata/proto/metadata_store_service.ts';
import { RPC_NAMES, type RpcName } from '../store.ts';

/**
 * True if doing the RPC twice is doing it once: reads, and the writes that are an upsert. Only such an RPC may be
 * repeated when the connection broke and nobody knows whether the server had done it.
 */
export function isRepeatable(name: RpcName): boolean {
  return name.startsWith('get') || /^put(\w+Type|Types|AttributionsAndAssociations)$/.test(name);
}

/**
 * The gRPC service configuration (gRFC A6): which RPC is repeated on which status. ABORTED is safe for all, for the
 * server has rolled back; UNAVAILABLE is safe for {@link isRepeatable} ones.
 */
export function serviceConfig(): ServiceConfig {
  const unrepeatable = RPC_NAMES.filter((name) => !isRepeatable(name));
  return {
    loadBalancingConfig: [{ round_robin: {} }],
    // At most half as many failures as tokens in a row are repeated: no storm on a server that is away.
    retryThrottling: { maxTokens: 50, tokenRatio: 0.1 },
    methodConfig: [
      repeat(RPC_NAMES.filter(isRepeatable), 4, ['UNAVAILABLE', 'ABORTED']),
      repeat(unrepeatable, 5, ['ABORTED']),
    ],
  };
}

/** `maxAttempts` counts the first; grpc-js caps it at 5. */
function repeat(names: readonly RpcName[], maxAttempts: number, retryableStatusCodes: string[]) {
  return {
    name: names.map(methodName),
    retryPolicy: { maxAttempts, initialBackoff: '0.05s', maxBackoff: '1s', backoffMultiplier: 2, retryableStatusCodes },
  };
}

function methodName(name: RpcName) {
  const [, service = '', method = ''] = MetadataStoreServiceService[name].path.split('/');
  return { service, method };
}
