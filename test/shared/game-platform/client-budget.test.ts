import { describe, expect, it } from 'vitest';
import { NoSlotError, type AttemptEnd, type RateLimiter } from '#shared/game-platform/budget/rate-limiter.ts';
import type { CallPurpose } from '#shared/game-platform/budget/purposes.ts';
import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import { forScores, withPurpose } from '#shared/game-platform/with-purpose.ts';
import { FLASH_CTF, SCORES, scriptedPlatform, STEPS, USER, type Step } from './scripted-platform.ts';

const good: Step = { status: 201, body: USER };

/** A client with a budget that gives leave to everything, or refuses. */
function budgeted(script: readonly Step[], refusal?: Error) {
  const asked: { readonly purpose: CallPurpose; readonly latestMs: number }[] = [];
  const ends: AttemptEnd[] = [];
  const budget: RateLimiter = {
    acquire: (purpose, { latestMs }) => {
      asked.push({ purpose, latestMs });
      if (refusal !== undefined) return Promise.reject(refusal);
      return Promise.resolve({
        release: (end) => {
          ends.push(end);
          return Promise.resolve();
        },
      });
    },
  };
  return { ...scriptedPlatform(script, { budget }), asked, ends };
}
const failureOf = async (promise: Promise<unknown>): Promise<GamePlatformError> => {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (error instanceof GamePlatformError) return error;
  throw new Error('It did not fail as expected.', { cause: error });
};

describe('a client with a budget', () => {
  it('asks before every attempt, retries included, and tells each end', async () => {
    const { client, asked, ends } = budgeted([
      { status: 503, body: {} },
      { status: 429, headers: { 'retry-after': '2' }, body: {} },
      good,
    ]);
    await client.getUser('cmp_1');
    expect(asked).toHaveLength(3);
    expect(ends.map(({ kind, retryAfterMs }) => [kind, retryAfterMs])).toEqual([
      ['failed', undefined],
      ['throttled', 2_000],
      ['answered', undefined],
    ]);
  });

  it('tells a refusal about one user apart from a platform that fails', async () => {
    const { client, ends } = budgeted([
      { status: 403, body: { detail: 'User is not approved' } },
      STEPS.timeout(),
      STEPS.timeout(),
      STEPS.timeout(),
    ]);
    await failureOf(client.getOdlScores('cmp_1'));
    await failureOf(client.getOdlScores('cmp_1'));
    expect(ends.map(({ kind }) => kind)).toEqual(['answered', 'failed', 'failed', 'failed']);
  });

  it.each(['RATE_LIMITED', 'THROTTLED', 'BREAKER_OPEN', 'DAY_SPENT'] as const)(
    'makes no call without leave, and says until when: %s',
    async (code) => {
      const until = Date.parse('2026-11-24T07:00:00Z') + 90_000;
      const { client, calls } = budgeted([], new NoSlotError(code, until));
      const failure = await failureOf(client.getUser('cmp_1'));
      expect(failure).toMatchObject({ code, status: null, transient: true, waits: true });
      expect(failure.context).toMatchObject({ attempts: 0, retryAfterMs: 90_000 });
      expect(calls).toEqual([]);
    },
  );

  it('makes no call when the budget cannot be asked', async () => {
    const { client, calls } = budgeted([], new Error('the table does not answer'));
    expect(await failureOf(client.getUser('cmp_1'))).toMatchObject({ code: 'UNAVAILABLE', waits: false });
    expect(calls).toEqual([]);
  });

  it('leaves the caller enough time for the call itself', async () => {
    const { client, asked } = budgeted([good]);
    await client.getUser('cmp_1', { budgetMs: 3_000 });
    const latest = (asked[0]?.latestMs ?? 0) - Date.parse('2026-11-24T07:00:00Z');
    expect(latest).toBeLessThan(3_000);
    expect(latest).toBeGreaterThan(0);
  });

  it('counts calls by what they are for', async () => {
    const flash = { status: 200, body: { syned_user_id: 'cmp_1', flash_ctfs: [FLASH_CTF] } };
    const scores = { status: 200, body: SCORES };
    const { client, asked } = budgeted([good, scores, flash, scores, good]);
    await client.getUser('cmp_1');
    await forScores(client).getOdlScores('cmp_1');
    await forScores(client).getFlashCtfProgress('cmp_1');
    await withPurpose(client, 'totals').getOdlScores('cmp_1');
    await withPurpose(client, 'totals').getUser('cmp_1', { purpose: 'profile' });
    expect(asked.map(({ purpose }) => purpose)).toEqual([
      'interactive',
      'score_sync',
      'flash',
      'totals',
      'profile',
    ]);
  });
});
