import { useState } from 'react';
import { ApiError } from './api-error.ts';

/** True when the server may or may not have done it: then the next try must carry the same key. */
export const isUndecided = (error: unknown): boolean =>
  error instanceof ApiError && ['timeout', 'unreachable', 'offline'].includes(error.facts.failure);

interface KeyRing {
  /** The key for the next try at the act. */
  current(): string;
  /** Call with the outcome: a decided one retires the key, an undecided one keeps it. */
  settle(error?: unknown): void;
}

/** One key per act, kept over tries whose outcome is unknown, so that repeating never does it twice. */
export function createKeyRing(newKey: () => string): KeyRing {
  let key: string | null = null;
  return {
    current: () => (key ??= newKey()),
    settle: (error) => {
      if (!isUndecided(error)) key = null;
    },
  };
}

/** The keys of one act of a component, for as long as it is on the page. */
export function useKeyRing(): KeyRing {
  const [keys] = useState(() => createKeyRing(() => crypto.randomUUID()));
  return keys;
}
