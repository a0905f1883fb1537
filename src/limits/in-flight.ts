import { RegistryError } from '../errors.ts';

/** Counts what is worked on; OVERLOADED beyond the most. What it gives is to be called once when the work has ended. */
export type Begin = () => () => void;

/** A cap on what is worked on at once. Nothing waits: who is told at once can ask another replica. */
export function createInFlight(most: number): Begin {
  let count = 0;
  return () => {
    if (count >= most) throw new RegistryError('OVERLOADED', 'The server has as much to do as it can: ask again soon.');
    count += 1;
    let ended = false;
    return () => {
      if (!ended) count -= 1;
      ended = true;
    };
  };
}
