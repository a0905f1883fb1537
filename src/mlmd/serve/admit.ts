import type { Caller } from '../../auth/caller.ts';

/** Asked before each call, of an RPC by its name on the wire; throws where it may not be made. */
export type AdmitCall = (call: { readonly rpc: string; readonly peer: string; readonly bytes: number }) => Admission;

/** A call that was let in. */
export interface Admission {
  /** Takes what the call costs from its caller, or from who has its address; once. Throws where that is not there. */
  pay(caller?: Caller): void;
  /** Hears that it is not known who calls. Throws where that came too often. */
  unknown(): void;
  /** Hears of the end, and of the size of the answer in bytes. */
  end(bytes: number): void;
}
