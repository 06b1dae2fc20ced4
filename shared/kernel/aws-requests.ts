/**
 * How long a request to AWS may take, for a client's `requestHandler`. What takes longer fails, and is tried again as
 * often as the client's `maxAttempts` says: without `throwOnRequestTimeout` the SDK prints a warning and waits on.
 *
 * @param requestMs until the whole answer is there
 * @param connectionMs until a connection is
 */
export const requestTimeouts = (requestMs: number, connectionMs = 1_000) => ({
  requestTimeout: requestMs,
  connectionTimeout: connectionMs,
  throwOnRequestTimeout: true,
});
