import { constants } from 'node:os';

/** A Ctrl-C may come twice at once: from the terminal, and from npm, which passes it on. */
const SAME_SIGNAL_MS = 500;

/** The signal that asks to stop, now or later; a further one ends the process at once. */
export function signalled(): Promise<NodeJS.Signals> {
  const first = Promise.withResolvers<NodeJS.Signals>();
  let since: number | undefined;
  const take = (signal: NodeJS.Signals) => {
    since ??= performance.now();
    if (performance.now() - since > SAME_SIGNAL_MS) process.exit(128 + constants.signals[signal]);
    first.resolve(signal);
  };
  process.on('SIGTERM', take);
  process.on('SIGINT', take);
  return first.promise;
}
