import type { ModelGraphError } from '../client/error.ts';
import { CliError, EXIT } from './cli-error.ts';
import type { Connection } from './connection.ts';

/** A failed question in one sentence, with the next step and the exit code. */
export function explain(error: ModelGraphError, connection: Connection, document: string): CliError {
  const told = TOLD[error.code]?.(connection, error, document) ?? plain(error);
  const exitCode = EXIT_CODES[error.code] ?? EXIT.FAILED;
  return new CliError(told, exitCode, { cause: error });
}

const EXIT_CODES: Readonly<Record<string, number>> = {
  ABORTED: EXIT.INTERRUPTED,
  BAD_OPTIONS: EXIT.WRONG_USAGE,
  BAD_USER_INPUT: EXIT.WRONG_USAGE,
  GRAPHQL_PARSE_FAILED: EXIT.WRONG_USAGE,
  GRAPHQL_VALIDATION_FAILED: EXIT.WRONG_USAGE,
  NOT_FOUND: EXIT.NOT_FOUND,
};

type Teller = (connection: Connection, error: ModelGraphError, document: string) => string;

const TOLD: Readonly<Record<string, Teller>> = {
  UNREACHABLE: ({ server }, error) =>
    `There is no answer from ${server}${causeOf(error)}; is it running there? \`modelgraph demo\` starts one, --server names another.`,
  TIMEOUT: ({ server }, error) => `${error.message.replace(/\.$/, '')} from ${server}; try again, or ask for less.`,
  UNAUTHENTICATED: ({ server, token }) =>
    token === undefined
      ? `${server} wants a token; give one with --token-file FILE, or keep it with \`modelgraph login ${server}\`.`
      : `${server} does not accept the token: it may have expired; get a new one, then \`modelgraph login ${server}\`.`,
  FORBIDDEN: ({ server }, error) => `${server} does not allow that: ${error.message}`,
  PROTOCOL: (_connection, error) => `${error.message} --server names another.`,
  ABORTED: (_connection, _error, document) =>
    /^\s*mutation\b/.test(document)
      ? 'Interrupted; the change may have been made all the same: look before you repeat it.'
      : 'Interrupted.',
};

function plain({ message, requestId, code }: ModelGraphError): string {
  const ended = /[.?!]$/.test(message) ? message : `${message}.`;
  return LOGGED.has(code) && requestId !== undefined ? `${ended} The server's log has it as ${requestId}.` : ended;
}

/** Failures of which the log knows more. */
const LOGGED: ReadonlySet<string> = new Set(['INTERNAL_SERVER_ERROR', 'DATA_LOSS', 'UNKNOWN_OUTCOME']);

/** What the system says of a connection that failed. */
function causeOf(error: ModelGraphError): string {
  let cause: unknown = error.cause;
  while (cause instanceof Error) {
    if ('code' in cause && typeof cause.code === 'string') return ` (${WORDS[cause.code] ?? cause.code})`;
    cause = cause.cause;
  }
  return '';
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection broke off',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name cannot be looked up now',
  EHOSTUNREACH: 'no way to this host',
  ETIMEDOUT: 'nothing came back',
};
