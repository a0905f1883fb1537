import { BinaryReader, getTextEncoding } from '@bufbuild/protobuf/wire';
import type { handleUnaryCall, ServerUnaryCall, ServiceDefinition } from '@grpc/grpc-js';

import { RegistryError } from '../../errors.ts';
import { MetadataStoreServiceService } from '../../generated/proto/ml_metadata/proto/metadata_store_service.ts';
import {
  type Call,
  type MetadataStoreRpcs,
  RPC_NAMES,
  type Rpc,
  type RpcName,
  type RpcRequest,
  type RpcResponse,
  wireName,
} from '../store.ts';
import type { AdmitCall } from './admit.ts';
import { admittedStore } from './admitted-store.ts';
import { encode } from './encode.ts';
import { isOurs, toStatus } from './status.ts';
import type { StoreFor } from './store-for.ts';

/** Takes the failures that the caller is told nothing about. */
export type OnFailure = (rpc: string, error: unknown) => void;

/** Hears that a call of this RPC begins. What it gives hears how it ended: of the failure, or of nothing. */
export type OnCall = (rpc: string) => (failure?: unknown) => void;

/** What calls are answered with. */
export interface RpcRig {
  readonly storeFor: StoreFor;
  readonly onFailure: OnFailure;
  readonly admit: AdmitCall;
  readonly onCall: OnCall | undefined;
}

/** MLMD's service for grpc-js: bytes in and out, so that decoding and encoding fail by our rules as all else does. */
export const RPC_SERVICE: ServiceDefinition = Object.fromEntries(
  RPC_NAMES.map((name) => [
    name,
    {
      path: MetadataStoreServiceService[name].path,
      requestStream: false,
      responseStream: false,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    },
  ]),
);

/** What answers {@link RPC_SERVICE}, each call from the store that its caller gets to see. */
export function createRpcHandlers(rig: RpcRig): Record<string, RpcHandler> {
  return Object.fromEntries(RPC_NAMES.map((name) => [name, createHandler(name, rig)]));
}

type RpcHandler = handleUnaryCall<Buffer, Buffer>;

function asIs<T>(value: T): T {
  return value;
}

function createHandler(name: RpcName, { storeFor, onFailure, admit, onCall }: RpcRig): RpcHandler {
  return (call, respond) => {
    const ended = onCall?.(wireName(name));
    answerAdmitted(storeFor, name, call, admit).then(
      (bytes) => {
        ended?.();
        respond(null, bytes);
      },
      (error) => {
        ended?.(error);
        if (isOurs(error)) onFailure(wireName(name), error);
        respond(toStatus(error));
      },
    );
  };
}

async function answerAdmitted(
  storeFor: StoreFor,
  rpc: RpcName,
  call: ServerUnaryCall<Buffer, Buffer>,
  admit: AdmitCall,
): Promise<Buffer> {
  const admission = admit({ rpc: wireName(rpc), peer: call.getPeer(), bytes: call.request.length });
  const asked = toCall(call);
  let size = 0;
  try {
    const store = await admittedStore(storeFor, wireName(rpc), call, admission);
    const bytes = await answer(store, rpc, call.request, asked);
    size = bytes.length;
    return bytes;
  } finally {
    admission.end(size);
  }
}

/** The caller's deadline, and a signal for when the caller has gone. */
function toCall(call: ServerUnaryCall<Buffer, Buffer>): Call {
  const gone = new AbortController();
  call.once('cancelled', () => gone.abort());
  if (call.cancelled) gone.abort();
  const deadline = Number(call.getDeadline());
  return { signal: gone.signal, ...(Number.isFinite(deadline) ? { deadline } : {}) };
}

/** What the server needs to know of an RPC. */
interface Method<Request, Answer> {
  readonly requestDeserialize: (bytes: Buffer) => Request;
  readonly responseSerialize: (answer: Answer) => Buffer;
}

const METHODS: { readonly [Name in RpcName]: Method<RpcRequest<Name>, RpcResponse<Name>> } =
  MetadataStoreServiceService;

async function answer<Name extends RpcName>(
  store: MetadataStoreRpcs,
  name: Name,
  bytes: Buffer,
  call: Call,
): Promise<Buffer> {
  const method: Method<RpcRequest<Name>, RpcResponse<Name>> = METHODS[name];
  const rpc: Rpc<Name> = store[name];
  const request = decode(name, method.requestDeserialize, bytes);
  return encode(method.responseSerialize, await rpc(request, call));
}

function decode<Request>(name: RpcName, deserialize: (bytes: Buffer) => Request, bytes: Buffer): Request {
  try {
    // The generated decoders take a reader too, though their type here does not say so.
    return deserialize(new BinaryReader(bytes, decodeText) as unknown as Buffer);
  } catch (cause) {
    const what = cause instanceof TypeError ? 'has a text that is not UTF-8' : 'is not a message of its kind';
    throw new RegistryError('INVALID_ARGUMENT', `The request of ${wireName(name)} ${what}.`, { cause });
  }
}

/** The default would put U+FFFD in the place of what is no UTF-8, without a word. */
function decodeText(bytes: Uint8Array): string {
  return getTextEncoding().decodeUtf8(bytes, true);
}
