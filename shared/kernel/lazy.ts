/**
 * Makes a value on first use and keeps it. Callers that come while it is being made share the one attempt; a failed
 * attempt is forgotten, so that the next caller tries again and a bad cold start heals.
 */
export function lazy<T>(make: () => T | Promise<T>): () => Promise<T> {
  let pending: Promise<T> | undefined;
  return () => {
    if (pending === undefined) {
      const attempt: Promise<T> = Promise.resolve()
        .then(make)
        .catch((error: unknown) => {
          if (pending === attempt) pending = undefined;
          throw error;
        });
      pending = attempt;
    }
    return pending;
  };
}
