import type { ApiClientDependencies } from '#web/shared/api/client.ts';
import { actingAs, actingId, forgetAct } from '#web/shared/identity/acting.ts';

const sleep = (milliseconds: number, signal?: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new DOMException('Aborted', 'AbortError'));
    });
  });

/** The browser's own parts of the API client; token and session are added after sign-in. */
export const browserParts = {
  origin: globalThis.location.origin,
  fetch: (input, init) => globalThis.fetch(input, init),
  actingAs,
  actingId,
  onActingEnded: forgetAct,
  isOnline: () => navigator.onLine,
  now: Date.now,
  random: Math.random,
  sleep,
} satisfies Partial<ApiClientDependencies>;
