/** The exit codes of the command line. */
export const EXIT = { DONE: 0, FAILED: 1, WRONG_USAGE: 2, NOT_FOUND: 3, INTERRUPTED: 130 } as const;

/** Why a command ends without having done its work: one sentence for the person who gave it, with the next step. */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.FAILED, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The error for what the user can mend in the command line. */
export function wrongUsage(message: string, cause?: unknown): CliError {
  return new CliError(message, EXIT.WRONG_USAGE, { cause });
}

/** The error for a name that there is nothing under. */
export function notFound(message: string): CliError {
  return new CliError(message, EXIT.NOT_FOUND);
}
