import { destination, type Logger, pino } from 'pino';

/** How much is logged. */
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A log of JSON lines on stderr; stdout is for what a command has to say. */
export function createLog(level: LogLevel): Logger {
  return pino(
    { level, base: null, timestamp: () => `,"time":"${new Date().toISOString()}"`, serializers: { req: toRequest } },
    destination({ fd: 2, sync: true }),
  );
}

/** What is logged of a request: no header, and no query, which may have a token in it. */
function toRequest(request: { readonly method?: string; readonly url?: string; readonly ip?: string }) {
  return { method: request.method, path: request.url?.split('?')[0], from: request.ip };
}
