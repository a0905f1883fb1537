import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import { MetadataStoreServiceService } from '../../src/generated/proto/ml_metadata/proto/metadata_store_service.ts';
import { type RpcName, type RpcRequest, type RpcResponse, wireName } from '../../src/mlmd/store.ts';
import { referencePython } from './require.ts';

/** What the engine says to one call: a code of google.rpc.Code, and the answer or the reason. */
export type EngineReply<Name extends RpcName> =
  | { readonly code: 0; readonly answer: RpcResponse<Name> }
  | { readonly code: number; readonly message: string };

/** The C++ MLMD engine in a process of its own, on one SQLite file after the other. `await using` ends it. */
export interface EnginePipe extends AsyncDisposable {
  /** Makes a store of the file, or opens the one in it; the file before is closed. */
  open(file: string): Promise<void>;
  call<Name extends RpcName>(name: Name, request: RpcRequest<Name>): Promise<EngineReply<Name>>;
  /**
   * Calls from bytes to bytes, with what the engine itself took: the pipe is not in it. They are sent together, for a
   * process that sleeps before each call takes twice as long for a small one. Throws the engine's errors.
   */
  timed(calls: readonly TimedCall[]): AsyncIterable<TimedAnswer>;
}

/** A request in bytes. */
export interface TimedCall {
  readonly rpc: RpcName;
  readonly request: Uint8Array;
}

/** An answer in bytes. */
export interface TimedAnswer {
  readonly bytes: Buffer;
  readonly milliseconds: number;
  /** CPU time of the whole process meanwhile, in milliseconds. */
  readonly cpu: number;
}

/** Starts the engine: some 0.2 ms per call, where the one behind gRPC takes a whole one. */
export async function startEnginePipe(): Promise<EnginePipe> {
  const script = join(import.meta.dirname, 'mlmd_engine_pipe.py');
  const child = spawn(referencePython, [script], { stdio: ['pipe', 'pipe', 'ignore'] });
  const read = createReader(child.stdout);
  const send = (method: string, message: Uint8Array) =>
    child.stdin.write(Buffer.concat([framed(Buffer.from(method)), framed(message)]));
  const receive = async () => {
    const header = await read(24);
    const [milliseconds, cpu] = [4, 12].map((place) => Number(header.readBigUInt64LE(place)) / 1e6);
    return { code: header.readInt32LE(0), milliseconds, cpu, text: await read(header.readUInt32LE(20)) };
  };
  const exchange = (method: string, message: Uint8Array) => {
    send(method, message);
    return receive();
  };
  return {
    async open(file) {
      await exchange('open', Buffer.from(file));
    },
    async call<Name extends RpcName>(name: Name, request: RpcRequest<Name>): Promise<EngineReply<Name>> {
      const { requestSerialize, responseDeserialize } = MetadataStoreServiceService[name];
      // One shape for all RPCs: the name has chosen both functions.
      const message = (requestSerialize as (request: RpcRequest<Name>) => Buffer)(request);
      const { code, text } = await exchange(wireName(name), message);
      if (code !== 0) return { code, message: text.toString() };
      return { code: 0, answer: (responseDeserialize as (bytes: Buffer) => RpcResponse<Name>)(text) };
    },
    async *timed(calls) {
      for (const { rpc, request } of calls) send(wireName(rpc), request);
      for (const { rpc } of calls) {
        const { code, milliseconds = 0, cpu = 0, text } = await receive();
        if (code !== 0) throw new Error(`${rpc} failed in the engine with ${code}: ${text}`);
        yield { bytes: text, milliseconds, cpu };
      }
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      if (child.exitCode === null && child.signalCode === null) {
        await new Promise((resolve) => child.once('exit', resolve));
      }
    },
  };
}

function framed(bytes: Uint8Array): Buffer {
  const frame = Buffer.alloc(4 + bytes.length);
  frame.writeUInt32LE(bytes.length);
  frame.set(bytes, 4);
  return frame;
}

/** Gives the next so many bytes, one call at a time. */
function createReader(stream: Readable): (size: number) => Promise<Buffer> {
  let buffered: Buffer = Buffer.alloc(0);
  let ended = false;
  let wake: () => void = () => undefined;
  stream.on('data', (chunk: Buffer) => {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
    wake();
  });
  stream.on('close', () => {
    ended = true;
    wake();
  });
  return async (size) => {
    while (buffered.length < size) {
      if (ended) throw new Error('the engine has ended');
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const bytes = buffered.subarray(0, size);
    buffered = buffered.subarray(size);
    return bytes;
  };
}
