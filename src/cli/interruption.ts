import { EXIT } from './cli-error.ts';

let controller: AbortController | undefined;

/** A signal that the first Ctrl-C aborts, so that whatever is under way ends in order. A second one ends the process. */
export function interruption(): AbortSignal {
  controller ??= listen();
  return controller.signal;
}

function listen(): AbortController {
  const made = new AbortController();
  process.on('SIGINT', () => {
    if (made.signal.aborted) process.exit(EXIT.INTERRUPTED);
    made.abort();
  });
  return made;
}
