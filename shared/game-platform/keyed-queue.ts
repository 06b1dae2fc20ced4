/**
 * One thing at a time per key, in the order of asking. A task may say how long its key has to rest afterwards.
 */
export class KeyedQueue {
  private readonly tails = new Map<string, Promise<void>>();

  /** `rest` is awaited after the task ended and before the next one of the same key starts; nobody waits for it else. */
  async run<T>(
    key: string | undefined,
    task: () => Promise<T>,
    rest: (error: unknown) => Promise<void> | undefined,
    signal?: AbortSignal,
  ): Promise<T> {
    if (key === undefined) return task();
    const before = this.tails.get(key);
    const mine = Promise.withResolvers<void>();
    const tail = (before ?? Promise.resolve()).then(() => mine.promise);
    this.tails.set(key, tail);
    const leave = (): void => {
      mine.resolve();
      // Not before the tail has settled: whoever was aborted while waiting leaves others in front.
      void tail.finally(() => {
        if (this.tails.get(key) === tail) this.tails.delete(key);
      });
    };
    let resting: Promise<void> | undefined;
    try {
      if (before !== undefined) await orAborted(before, signal);
      return await task();
    } catch (error) {
      resting = rest(error);
      throw error;
    } finally {
      if (resting === undefined) leave();
      else void resting.then(leave, leave);
    }
  }
}

/** The promise, or the signal's reason as soon as it is aborted. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(asError(signal.reason));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

const asError = (reason: unknown): Error =>
  reason instanceof Error ? reason : new DOMException('The call was aborted.', 'AbortError');
