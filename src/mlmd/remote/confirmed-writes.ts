import { unknownOutcome } from '../../errors.ts';
import { type MetadataStoreRpcs, RPC_NAMES, type Rpc, type RpcName } from '../store.ts';
import { READ_BACKS, type ReadBack } from './read-back.ts';
import { isRepeatable } from './retry.ts';
import { isUnheard } from './unheard.ts';

/** Of the time that a call has, what is kept for looking; at most so many milliseconds. */
const RESERVE = { part: 0.2, atMostMs: 2_000 } as const;

/**
 * The RPCs, with writes that are looked for where they were sent and not answered: the connection broke, or their time
 * was over. They are answered if they were made. Otherwise they reject with UNKNOWN_OUTCOME, since the server may have
 * them before it still.
 */
export function confirmWrites(rpcs: MetadataStoreRpcs, defaultTimeoutMs: number): MetadataStoreRpcs {
  const writes = RPC_NAMES.filter((name) => !isRepeatable(name));
  const confirmed = writes.map((name) => [name, confirm(rpcs, name, defaultTimeoutMs)]);
  return { ...rpcs, ...Object.fromEntries(confirmed) };
}

function confirm<Name extends RpcName>(rpcs: MetadataStoreRpcs, name: Name, defaultTimeoutMs: number): Rpc<Name> {
  const write: Rpc<Name> = rpcs[name];
  const readBack: ReadBack<Name> | undefined = READ_BACKS[name];
  return async (request, call = {}) => {
    const begun = Date.now();
    const { deadline = begun + defaultTimeoutMs } = call;
    const reserve = Math.min(RESERVE.atMostMs, (deadline - begun) * RESERVE.part);
    return write(request, { ...call, deadline: deadline - reserve }).catch(async (error: unknown) => {
      if (!isUnheard(error)) throw error;
      const answer = await readBack?.({ rpcs, call: { ...call, deadline } }, request).catch(() => undefined);
      if (answer) return answer;
      throw unknownOutcome(error);
    });
  };
}
