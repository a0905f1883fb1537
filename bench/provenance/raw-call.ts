import { Client, credentials } from '@grpc/grpc-js';

import { MetadataStoreServiceService } from '../../src/generated/proto/ml_metadata/proto/metadata_store_service.ts';
import type { RpcName, RpcRequest, RpcResponse } from '../../src/mlmd/store.ts';

/** One RPC, without deadline, retry, cancelling or watchdog. */
export type RawCall = <Name extends RpcName>(name: Name, request: RpcRequest<Name>) => Promise<RpcResponse<Name>>;

/** A plain grpc-js client. */
export interface RawClient extends Disposable {
  readonly call: RawCall;
  /** How many calls it has made. */
  readonly made: () => number;
}

/** A client of grpc-js as one writes it in a script. */
export function connectRaw(address: string): RawClient {
  const client = new Client(address, credentials.createInsecure(), { 'grpc.max_receive_message_length': 16 * 2 ** 20 });
  let made = 0;
  const call = <Name extends RpcName>(name: Name, request: RpcRequest<Name>) => {
    made += 1;
    const method: Method<RpcRequest<Name>, RpcResponse<Name>> = METHODS[name];
    const { path, requestSerialize, responseDeserialize } = method;
    return new Promise<RpcResponse<Name>>((resolve, reject) => {
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, answer) =>
        error || answer === undefined ? reject(error) : resolve(answer),
      );
    });
  };
  return { call, made: () => made, [Symbol.dispose]: () => client.close() };
}

interface Method<Request, Answer> {
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Answer;
}

const METHODS: { readonly [Name in RpcName]: Method<RpcRequest<Name>, RpcResponse<Name>> } =
  MetadataStoreServiceService;
