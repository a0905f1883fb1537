import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

import { CliError, EXIT } from './cli-error.ts';

/** The token that is typed or pasted, which the terminal does not show; undefined for an empty line, or without a terminal. */
export async function askForToken(server: string, signal: AbortSignal): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  // With `terminal: true` the terminal itself shows nothing, and what readline would show goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  lines.once('SIGINT', () => lines.close());
  process.stderr.write(`Token for ${server} (empty for none): `);
  try {
    const ended = new Promise<never>((_resolve, reject) => lines.once('close', () => reject(interrupted())));
    return (await Promise.race([lines.question('', { signal }), ended])).trim() || undefined;
  } catch (cause) {
    throw cause instanceof CliError ? cause : interrupted();
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

function interrupted(): CliError {
  return new CliError('Interrupted; nothing was kept.', EXIT.INTERRUPTED);
}
