/**
 * What the clients of the AWS SDK have in common here: bounded times, and a name for what went wrong.
 */
export type ClientTimes = {
  readonly connectMs: number;
  readonly requestMs: number;
  readonly attempts: number;
};

/** The settings of a client that gives up in time. */
export function timesOfClient({ connectMs, requestMs, attempts }: ClientTimes) {
  return {
    maxAttempts: attempts,
    requestHandler: {
      connectionTimeout: connectMs,
      requestTimeout: requestMs,
      throwOnRequestTimeout: true,
    },
  };
}

/** Never a message, which may quote a value. A connection's errors are all called `Error`: their code tells more. */
export function nameOfError(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
