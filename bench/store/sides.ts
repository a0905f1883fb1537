import { MetadataStoreServiceService } from '../../src/generated/proto/ml_metadata/proto/metadata_store_service.ts';
import type { MetadataStore, ReadMask, RpcName, RpcRequest } from '../../src/mlmd/store.ts';
import type { EnginePipe, TimedAnswer } from '../../test/reference/engine-pipe.ts';

/** A call that both sides get, as bytes. */
export interface StoreCall {
  readonly rpc: RpcName;
  readonly request: Uint8Array;
  /** What our store may leave out; the engine knows no such thing. */
  readonly read?: ReadMask | undefined;
}

/** Does calls one after the other, without a pause, from bytes to bytes, and says what each took. */
export type Side = (calls: readonly StoreCall[]) => AsyncIterable<TimedAnswer>;

/** The answer to one call. */
export async function answerOf(side: Side, call: StoreCall): Promise<TimedAnswer> {
  for await (const answer of side([call])) return answer;
  throw new Error(`${call.rpc} was not answered`);
}

/** The C++ engine: its raw method in the Python process, measured there. */
export function engineSide(engine: EnginePipe): Side {
  return (calls) => engine.timed(calls);
}

/** What this module needs of an RPC whose name is not known before. */
interface AnyMethod {
  readonly requestSerialize: (request: unknown) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => unknown;
  readonly responseSerialize: (answer: unknown) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => unknown;
}

/** Our store: decoding the request, the RPC, encoding the answer. */
export function ourSide(store: MetadataStore): Side {
  return async function* (calls) {
    for (const call of calls) yield await timed(store, call);
  };
}

async function timed(store: MetadataStore, { rpc, request, read }: StoreCall): Promise<TimedAnswer> {
  const { requestDeserialize, responseSerialize } = methodOf(rpc);
  const run = store[rpc] as (request: unknown, call: { readonly read?: ReadMask }) => Promise<unknown>;
  const bytes = Buffer.from(request);
  const before = process.cpuUsage();
  const begun = performance.now();
  const answer = responseSerialize(await run(requestDeserialize(bytes), read ? { read } : {}));
  const milliseconds = performance.now() - begun;
  const { user, system } = process.cpuUsage(before);
  return { bytes: answer, milliseconds, cpu: (user + system) / 1_000 };
}

/** A request in bytes. */
export function encodeRequest<Name extends RpcName>(rpc: Name, request: RpcRequest<Name>): Uint8Array {
  return methodOf(rpc).requestSerialize(request);
}

/** An answer from bytes. */
export function decodeAnswer(rpc: RpcName, bytes: Buffer): unknown {
  return methodOf(rpc).responseDeserialize(bytes);
}

function methodOf(rpc: RpcName): AnyMethod {
  // One shape for all RPCs: the name has chosen the functions.
  return MetadataStoreServiceService[rpc] as AnyMethod;
}
