/** A request that the API server refused: its HTTP status, its `reason` word, and its own sentence as message. */
export class KubeError extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.name = 'KubeError';
    this.status = status;
    this.reason = reason;
  }
}

/** Whether the API server answered with this status. */
export function hasStatus(error: unknown, status: number): boolean {
  return error instanceof KubeError && error.status === status;
}

/** The error that a body of kind `Status` tells; a proxy before the API server may have answered something else. */
export function kubeErrorOf(status: number, body: string): KubeError {
  try {
    const { reason, message } = JSON.parse(body);
    return new KubeError(status, String(reason ?? 'Unknown'), String(message ?? `HTTP ${status}`));
  } catch {
    return new KubeError(status, 'Unknown', `HTTP ${status}: ${body.slice(0, 200)}`);
  }
}
