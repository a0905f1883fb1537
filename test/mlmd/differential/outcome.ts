import { RegistryError } from '../../../src/errors.ts';
import type { MetadataStore, RpcName } from '../../../src/mlmd/store.ts';
import type { EnginePipe } from '../../reference/engine-pipe.ts';
import { DERIVED } from './derived.ts';

/** What one of the stores says. */
export interface Outcome {
  readonly code: string;
  /** The engine's own code where it is told as another one. */
  readonly engineCode?: string;
  readonly answer?: unknown;
  readonly message?: string;
}

/** Our store's outcome; what is no RegistryError is thrown on. */
export async function callOurs(store: MetadataStore, rpc: RpcName, request: object): Promise<Outcome> {
  // The steps are typed where they are made.
  const call = store[rpc] as (request: object) => Promise<unknown>;
  try {
    return { code: 'OK', answer: await call(request) };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return { code: error.code, message: error.message };
  }
}

/** The engine's outcome, derived from other RPCs where it has none of its own. */
export async function callTheirs(engine: EnginePipe, rpc: RpcName, request: object): Promise<Outcome> {
  const derive = (
    DERIVED as Partial<Record<RpcName, (engine: EnginePipe, request: never) => Promise<{ code: number }>>>
  )[rpc];
  const reply = derive ? await derive(engine, request as never) : await engine.call(rpc, request as never);
  if ('answer' in reply) return { code: 'OK', answer: reply.answer };
  const message = 'message' in reply ? String(reply.message) : '';
  const code = CODES[reply.code] ?? String(reply.code);
  // A name or external id that another node has: deliberately told as what it is.
  const isTaken = code === 'INTERNAL' && message.includes('UNIQUE constraint failed');
  return isTaken ? { code: 'ALREADY_EXISTS', engineCode: code, message } : { code, message };
}

/** google.rpc.Code by number. */
const CODES: Readonly<Record<number, string>> = {
  3: 'INVALID_ARGUMENT',
  5: 'NOT_FOUND',
  6: 'ALREADY_EXISTS',
  9: 'FAILED_PRECONDITION',
  10: 'ABORTED',
  11: 'OUT_OF_RANGE',
  12: 'UNIMPLEMENTED',
  13: 'INTERNAL',
};
