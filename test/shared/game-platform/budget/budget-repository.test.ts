import { describe, expect, it } from 'vitest';
import { createRateLimiter, NoSlotError, type Permit } from '#shared/game-platform/budget/rate-limiter.ts';
import { emptyDay, initialBudget } from '#shared/game-platform/budget/budget-state.ts';
import { laneRates, spacingOf } from '#shared/game-platform/budget/lease-slots.ts';
import { createMoments } from '#shared/game-platform/budget/moment.ts';
import { CALL_PURPOSES, type CallPurpose } from '#shared/game-platform/budget/purposes.ts';
import { newId } from '#shared/kernel/ids.ts';
import { DEFAULT_SYNC_SETTINGS } from '#shared/settings/sync-settings.ts';
import { createBudgetRepository } from '#shared/game-platform/budget/budget-repository.ts';
import { itemsOf, useTestTables } from '../../../support/dynamodb.ts';
import { recordingLog } from '../../kernel/recording-log.ts';
import { FakeTime } from '#test/shared/game-platform/budget/budget-world.ts';

const newTable = useTestTables();
const ok = { kind: 'answered' } as const;

describe('the row of the call budget', () => {
  it('lets one of two writers through and shows the other what it wrote', async () => {
    const row = createBudgetRepository(await newTable());
    expect(await row.state()).toBeUndefined();
    const first = { ...initialBudget('2026-11-25'), version: 1, by: 'one', spent: 3 };
    expect(await row.replace(first, null)).toBeNull();
    expect(await row.replace({ ...first, by: 'two' }, null)).toEqual(first);
    expect(await row.replace({ ...first, version: 2, by: 'two' }, null)).toBeNull();
    expect(await row.state()).toMatchObject({ version: 2, by: 'two', spent: 3 });
  });

  it('keeps each day that ended, once, with the write that ends it', async () => {
    const table = await newTable();
    const row = createBudgetRepository(table);
    const today = { ...emptyDay('2026-11-25'), calls: { score_sync: 7 }, errors: 1 };
    const state = { ...initialBudget('2026-11-25'), version: 1, by: 'one', today };
    await row.replace(state, null);
    const next = { ...state, version: 2, today: emptyDay('2026-11-26') };
    expect(await row.replace({ ...next, by: 'two' }, today)).toBeNull();
    expect(await row.replace({ ...next, by: 'three' }, today)).toMatchObject({ by: 'two' });
    expect(await row.days('2026-11-01', '2026-11-30')).toEqual([today]);
    expect(await row.days('2026-11-26', '2026-11-30')).toEqual([]);
    const [item] = await itemsOf(table, 'BUDGET#DAYS');
    expect(item?.['expiresAt']).toBe(Date.parse('2026-11-25T00:00:00Z') / 1_000 + 400 * 86_400);
  });

  it('keeps what a day was before an hour began, with the write that begins it', async () => {
    const table = await newTable();
    const row = createBudgetRepository(table);
    const state = { ...initialBudget('2026-11-25'), version: 1, by: 'one' };
    const hour = { day: '2026-11-25', hour: '07', calls: { score_sync: 7 } };
    await row.replace(state, null, hour);
    await row.replace({ ...state, by: 'two' }, null, { ...hour, calls: { score_sync: 9 } });
    expect(await row.hours('2026-11-25')).toEqual([hour]);
    expect(await row.hours('2026-11-24')).toEqual([]);
  });

  it('stays below a write unit, however full the day', () => {
    const full = {
      ...initialBudget('2026-11-25'),
      version: 10_000_000,
      by: newId('bud'),
      today: {
        ...emptyDay('2026-11-25'),
        calls: Object.fromEntries(CALL_PURPOSES.map((purpose) => [purpose, 1_000_000])),
        hours: Object.fromEntries(
          Array.from({ length: 24 }, (_, hour) => [String(hour).padStart(2, '0'), 100_000]),
        ),
      },
    };
    // JSON takes more than the table does.
    expect(JSON.stringify(full).length).toBeLessThan(1_024);
  });

  it('gives every call a slot of its own and counts it, with many workers at once', async () => {
    const table = await newTable();
    const limits = { ...DEFAULT_SYNC_SETTINGS, callsPerSecond: 40 };
    const time = new FakeTime();
    const beganAt = time.nowMs;
    const row = createBudgetRepository(table);
    const work = async () => {
      const budget = createRateLimiter({
        row: {
          state: () => time.during(() => row.state()),
          replace: (...change) => time.during(() => row.replace(...change)),
        },
        limits: () => Promise.resolve(limits),
        moment: createMoments('UTC'),
        now: () => new Date(time.nowMs),
        sleep: time.sleep,
        random: Math.random,
        newId,
        log: recordingLog().log,
      });
      // Nobody waits for a slot more than five seconds ahead: work is kept, and comes back then.
      const permitFor = (purpose: CallPurpose): Promise<Permit> =>
        budget.acquire(purpose, { latestMs: Number.POSITIVE_INFINITY }).catch(async (error: unknown) => {
          if (!(error instanceof NoSlotError)) throw error;
          await time.sleep(error.until - time.nowMs);
          return permitFor(purpose);
        });
      for (let call = 0; call < 12; call += 1) {
        const permit = await permitFor(call % 4 === 0 ? 'roster' : 'score_sync');
        await permit.release(ok);
      }
      await budget.flush();
    };
    await time.until(Promise.all(Array.from({ length: 8 }, work)));
    const state = await row.state();
    expect(state).toMatchObject({ spent: 96, today: { calls: { roster: 24, score_sync: 72 } } });
    // So much time was given out in slots, each at its lane's distance from the one before.
    const rates = laneRates(limits);
    const given = (next: number | undefined, rate: number): number =>
      Math.max(0, (next ?? 0) - beganAt) / spacingOf(rate);
    expect(
      given(state?.nextReads, rates.reads) + given(state?.nextRoster, rates.roster),
    ).toBeGreaterThanOrEqual(96);
  });
});
