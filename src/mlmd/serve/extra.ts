import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';

/** A service beside MLMD's own that answers in streams, which have to end before the server can. */
export interface Extra {
  readonly service: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
  /** Ends all open streams. */
  end(): void;
}
