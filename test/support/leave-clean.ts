import { afterAll, vi } from 'vitest';

/** Test files share their process with others, so each leaves it as it was. */
afterAll(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});
