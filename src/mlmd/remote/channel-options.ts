import type { ChannelOptions } from '@grpc/grpc-js';

import { serviceConfig } from './retry.ts';

/** How the channel connects, keeps alive and limits: the figures were measured against a real server. */
export function channelOptions(maxReceiveBytes: number): ChannelOptions {
  return {
    'grpc.service_config': JSON.stringify(serviceConfig()),
    // Else a DNS TXT record could replace that configuration, and $https_proxy would see the traffic.
    'grpc.service_config_disable_resolution': 1,
    'grpc.enable_http_proxy': 0,
    // The default waits up to 120 s between attempts: a server that is back would stay unreachable for so long.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
    'grpc.dns_min_time_between_resolutions_ms': 5_000,
    // Pings only while calls wait: a C++ server takes pings of an idle client for an attack and hangs up.
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 5_000,
    'grpc.keepalive_permit_without_calls': 0,
    'grpc.max_receive_message_length': maxReceiveBytes,
    // A pool shared between clients would hand a new client the very attempt to connect that hangs.
    'grpc.use_local_subchannel_pool': 1,
  };
}
