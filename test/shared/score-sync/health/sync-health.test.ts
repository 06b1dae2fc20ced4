import { describe, expect, test } from 'vitest';
import { emptyDay, initialBudget } from '#shared/game-platform/budget/budget-state.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import { syncHealthSchema } from '#shared/score-sync/contract.ts';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createPolicyRepository } from '#shared/score-sync/policy-repository.ts';
import { useTestTables } from '../../../support/dynamodb.ts';
import {
  createDismissAdvice,
  readSyncHealth,
  syncRunView,
  type ReadSyncHealthDeps,
} from '#shared/score-sync/health/read-sync-health.ts';
import { syncAdvice, type DayFacts } from '#shared/score-sync/health/sync-advice.ts';
import { variantFiguresSchema } from '#shared/score-sync/variant-figures.ts';
import { DEFAULT_SYNC_SETTINGS } from '#shared/settings/sync-settings.ts';

const newTable = useTestTables();

const aDay = (over: Partial<DayFacts> = {}): DayFacts => ({
  reads: 1000,
  empty: 500,
  failed: 0,
  late: 0,
  calls: 1200,
  ...over,
});
const codes = (days: readonly DayFacts[], dailyCallBudget = 10_000) =>
  syncAdvice({ days, slaHours: 8, dailyCallBudget }).map(({ code }) => code);

describe('advice', () => {
  test.each([
    ['nothing when all is well', [aDay(), aDay()], []],
    ['nothing without reads', [], []],
    ['nothing of a handful of reads', [aDay({ reads: 10, empty: 10, failed: 5 })], []],
    ['nothing when just 80 % come back empty', [aDay({ empty: 800 })], []],
    ['a larger batch when more than 80 % come back empty', [aDay({ empty: 801 })], ['empty']],
    ['a smaller batch when one read in ten fails', [aDay({ failed: 100 })], ['errors']],
    ['a smaller batch when errors spike', [aDay({ failed: 5 }), aDay({ failed: 40 })], ['errors']],
    ['nothing when errors are few and as many as ever', [aDay({ failed: 40 }), aDay({ failed: 40 })], []],
    ['nothing of errors that are over', [aDay({ failed: 300 }), aDay()], []],
    ['more batches when reads come late', [aDay({ late: 1 }), aDay()], ['late']],
    ['more calls when a day took nearly all', [aDay({ calls: 8_500 }), aDay()], ['budget']],
    [
      'the most urgent first',
      [aDay({ failed: 200, late: 3, calls: 9_999, empty: 900 })],
      ['errors', 'late', 'budget', 'empty'],
    ],
  ] as const)('%s', (_, days, wanted) => {
    expect(codes(days)).toEqual(wanted);
  });

  test('is a sentence with the figures that it rests on', () => {
    const days = [aDay({ late: 1, empty: 914 })];
    expect(
      syncAdvice({ days, slaHours: 8, dailyCallBudget: 10_000 }).map(({ sentence }) => sentence),
    ).toEqual([
      'One read came later than the 8 hours promised. Let more batches run: a larger batch, or more calls a day and a second. After an outage or a pause this passes by itself.',
      '91% of the reads showed nothing new. Grow the batch, so that a rotation needs fewer of them, or let the adaptive policy choose more of the reads.',
    ]);
  });
});

const none = () => Promise.resolve([]);
const ROUND = { at: '2026-11-25T03:55:00.000Z', competitors: 12, tiers: { high: 2, medium: 4, low: 6 } };
const figures = (over: object) => variantFiguresSchema.parse(over);
const deps = (over: Partial<ReadSyncHealthDeps> = {}): ReadSyncHealthDeps => ({
  variantDays: () =>
    Promise.resolve([
      {
        day: '2026-11-23',
        variants: new Map([
          [
            'adaptive',
            figures({ reads: 100, calls: 110, newSolves: 4, waitSeconds: 400, gaps: { high_10: 3 } }),
          ],
          ['tiers', figures({ reads: 100, calls: 100, newSolves: 2, waitSeconds: 4000, late: 1 })],
        ]),
      },
      {
        day: '2026-11-24',
        variants: new Map([
          ['adaptive', figures({ reads: 50, calls: 50, newSolves: 0, gaps: { high_10: 1, low_more: 2 } })],
        ]),
      },
    ]),
  budgetDays: () =>
    Promise.resolve([
      { ...emptyDay('2026-11-23'), calls: { score_sync: 300, roster: 20 }, hours: { '00': 20, '15': 300 } },
    ]),
  budget: () =>
    Promise.resolve({
      ...initialBudget('2026-11-24'),
      today: { ...emptyDay('2026-11-24'), calls: { score_sync: 40 }, hours: { '07': 40 }, throttled: 2 },
    }),
  budgetHours: none,
  round: () => Promise.resolve(ROUND),
  processing: () => Promise.resolve({ enabled: true, reason: null, changedAt: null }),
  namesOf: () => Promise.resolve(new Map()),
  dismissed: () => Promise.resolve(new Map()),
  settings: () =>
    Promise.resolve({
      ...DEFAULT_SYNC_SETTINGS,
      dailyCallBudget: 1_000,
      adaptive: { ...DEFAULT_SYNC_SETTINGS.adaptive, share: 0.75 },
    }),
  timeZone: 'America/Los_Angeles',
  now: () => new Date('2026-11-25T04:00:00.000Z'),
  ...over,
});
const lateDismissed = (over: object) =>
  Promise.resolve(
    new Map([['late' as const, { at: '2026-11-24T10:00:00.000Z', step: 0, about: 'none', ...over }]]),
  );
const healthy = async (over: Partial<ReadSyncHealthDeps> = {}, range = {}) =>
  syncHealthSchema.parse(await readSyncHealth(deps(over), range));

describe('sync health', () => {
  test('is of the seven days that end today, by the program’s calendar', async () => {
    const asked: string[][] = [];
    const variantDays = (...days: [string, string]) => {
      asked.push(days);
      return Promise.resolve([]);
    };
    const { period } = await healthy({ variantDays });
    expect(period).toEqual({ from: '2026-11-18', to: '2026-11-24', timeZone: 'America/Los_Angeles' });
    expect(asked).toEqual([['2026-11-18', '2026-11-24']]);
  });

  test('compares the variants by calls and by how long new solves waited', async () => {
    const { arms, days } = await healthy();
    expect(arms).toEqual([
      expect.objectContaining({
        arm: 'adaptive',
        reads: 150,
        calls: 160,
        newSolves: 4,
        meanWaitSeconds: 100,
      }),
      expect.objectContaining({ arm: 'tiers', reads: 100, late: 1, meanWaitSeconds: 2000 }),
    ]);
    expect(days.map(({ day, reads, meanWaitSeconds }) => [day, reads, meanWaitSeconds])).toEqual([
      ['2026-11-23', 200, 733],
      ['2026-11-24', 50, null],
    ]);
  });

  test('shows how many people each variant has, and how often they are read', async () => {
    // One whole day, and twenty hours and a half of today.
    const days = 1 + 20.5 / 24;
    const people = ({ arms }: Awaited<ReturnType<typeof healthy>>) =>
      arms.map(({ arm, competitors, readsPerCompetitorDay }) => [arm, competitors, readsPerCompetitorDay]);
    expect(people(await healthy())).toEqual([
      ['adaptive', 9, 150 / 9 / days],
      ['tiers', 3, 100 / 3 / days],
    ]);
    expect(people(await healthy({ variantDays: none }))).toEqual([
      ['adaptive', 9, null],
      ['tiers', 3, null],
    ]);
    expect(people(await healthy({ round: () => Promise.resolve(undefined) }))).toEqual([
      ['adaptive', null, null],
      ['tiers', null, null],
    ]);
  });

  test('shows the calls of each hour, today’s too, against the budget', async () => {
    const { calls } = await healthy();
    expect(calls.budget.perDay).toBe(1_000);
    expect(calls.days.map(({ day, total, ofBudget }) => [day, total, ofBudget])).toEqual([
      ['2026-11-23', 320, 0.32],
      ['2026-11-24', 40, 0.04],
    ]);
    expect(calls.days[0]?.byHour[15]).toBe(300);
    expect(calls.days[0]?.byPurpose).toEqual([
      { purpose: 'score_sync', calls: 300 },
      { purpose: 'roster', calls: 20 },
    ]);
    expect(calls.days[1]).toMatchObject({ throttled: 2 });
  });

  test('leaves today out of a range that ended', async () => {
    const { calls } = await healthy({}, { from: '2026-11-20', to: '2026-11-23' });
    expect(calls.days.map(({ day }) => day)).toEqual(['2026-11-23']);
  });

  test('shows by variant and tier how long people had waited when they were read', async () => {
    const { lag } = await healthy();
    expect(lag.groups).toEqual([
      { arm: 'adaptive', tier: 'high', reads: [4, 0, 0, 0, 0, 0, 0] },
      { arm: 'adaptive', tier: 'low', reads: [0, 0, 0, 0, 0, 0, 2] },
    ]);
  });

  test('gives advice from the same figures', async () => {
    expect((await healthy()).advice.map(({ code }) => code)).toEqual(['late']);
  });

  test('splits the calls of the last day by hour and purpose, where that was kept', async () => {
    const day = {
      ...emptyDay('2026-11-24'),
      calls: { score_sync: 70, roster: 5 },
      hours: { '06': 40, '07': 30, '09': 5 },
    };
    const state = { ...initialBudget('2026-11-24'), today: day };
    const kept = [{ day: day.day, hour: '07', calls: { score_sync: 40 } }];
    const of = async (hours: typeof kept) =>
      (await healthy({ budget: () => Promise.resolve(state), budgetHours: () => Promise.resolve(hours) }))
        .calls.hours;
    expect(await of([...kept, { day: day.day, hour: '09', calls: { score_sync: 70 } }])).toMatchObject({
      day: '2026-11-24',
      byHour: Object.assign(
        Array.from({ length: 24 }, () => ({ total: 0, byPurpose: [] })),
        {
          6: { total: 40, byPurpose: [{ purpose: 'score_sync', calls: 40 }] },
          7: { total: 30, byPurpose: [{ purpose: 'score_sync', calls: 30 }] },
          9: { total: 5, byPurpose: [{ purpose: 'roster', calls: 5 }] },
        },
      ),
    });
    const partly = await of(kept);
    expect(partly?.byHour[6]?.byPurpose).toEqual([{ purpose: 'score_sync', calls: 40 }]);
    expect([partly?.byHour[7], partly?.byHour[9]]).toEqual([
      { total: 30, byPurpose: null },
      { total: 5, byPurpose: null },
    ]);
  });

  test('tells that processing is off and why, and not who switched it', async () => {
    const off = { enabled: false, reason: 'Being moved.', changedAt: '2026-11-26T12:00:00.000Z' };
    const stored = { ...off, changedBy: 'adm_1' };
    expect((await healthy({ processing: () => Promise.resolve(stored) })).processing).toEqual(off);
  });

  test('foretells today only, never for days that are over, and not while processing is off', async () => {
    const { calls } = await healthy();
    expect(calls.forecast).toMatchObject({ day: '2026-11-24', earlierDays: 1 });
    expect((await healthy({}, { from: '2026-11-20', to: '2026-11-23' })).calls.forecast).toBeNull();
    const off = { enabled: false, reason: 'A trial.', changedAt: null };
    expect((await healthy({ processing: () => Promise.resolve(off) })).calls.forecast).toBeNull();
  });

  test('says what stops the reads, and until when', async () => {
    const until = Date.parse('2026-11-25T04:09:00.000Z');
    const breaker = { kind: 'open' as const, since: 0, until, openings: 1 };
    const budget = () => Promise.resolve({ ...initialBudget('2026-11-24'), breaker });
    expect((await healthy({ budget })).calls.waits).toEqual({
      code: 'BREAKER_OPEN',
      until: '2026-11-25T04:09:00.000Z',
    });
    const spent = Promise.resolve({ ...initialBudget('2026-11-24'), spent: 900 });
    expect((await healthy({ budget: () => spent })).calls).toMatchObject({
      budget: { perDay: 1_000, keptPerDay: 100 },
      waits: { code: 'DAY_SPENT', until: '2026-11-25T08:00:00.000Z' },
    });
    expect((await healthy()).calls.waits).toBeNull();
  });

  test('names who waits longest, but for those who have left', async () => {
    const lastReadAt = '2026-11-24T20:00:00.000Z';
    const oldest = {
      late: 1,
      unread: 0,
      reads: ['com_1', 'com_2'].map((competitorId) => ({ competitorId, lastReadAt, lastFailure: null })),
    };
    const health = await healthy({
      round: () => Promise.resolve({ ...ROUND, oldest }),
      namesOf: (ids) => Promise.resolve(new Map(ids.slice(0, 1).map((id) => [id, 'Ada Lind']))),
    });
    expect(health.round).toMatchObject({
      late: 1,
      oldest: [{ competitorId: 'com_1', name: 'Ada Lind', lastReadAt, failure: null }],
    });
  });

  test('gives advice of the last seven days, whichever are looked at', async () => {
    const asked: string[][] = [];
    const variantDays = (...days: [string, string]) => {
      asked.push(days);
      return deps().variantDays(...days);
    };
    const { advice } = await healthy({ variantDays }, { from: '2026-10-01', to: '2026-10-02' });
    expect(asked).toContainEqual(['2026-11-18', '2026-11-24']);
    expect(advice.map(({ code }) => code)).toEqual(['late']);
  });

  test('shows advice as dismissed until its grounds change', async () => {
    const { advice } = await healthy({ dismissed: () => lateDismissed({}) });
    expect(advice[0]?.dismissedAt).toBe('2026-11-24T10:00:00.000Z');
    const other = await healthy({ dismissed: () => lateDismissed({ about: 'sync.batchSize=50' }) });
    expect(other.advice[0]?.dismissedAt).toBeNull();
  });

  test('is shown before anything was ever read', async () => {
    const health = await healthy({
      variantDays: none,
      budgetDays: none,
      budget: () => Promise.resolve(undefined),
      round: () => Promise.resolve(undefined),
    });
    expect(health).toMatchObject({ arms: [], days: [], lag: { groups: [] }, advice: [] });
  });

  test.each([[{ from: '2026-11-24', to: '2026-11-23' }], [{ from: '2026-01-01', to: '2026-11-23' }]])(
    'refuses %j',
    async (range) => {
      expect(await readSyncHealth(deps(), range)).toMatchObject({ path: 'from' });
    },
  );
});

const dismissing = () => {
  const written: unknown[] = [];
  const dismiss = createDismissAdvice({
    health: () => readSyncHealth(deps(), {}),
    dismiss: (...row) => {
      written.push(row);
      return Promise.resolve();
    },
    now: () => new Date('2026-11-25T04:00:00.000Z'),
    newId: () => 'aud_1',
  });
  return { dismiss, written };
};

describe('dismissing advice', () => {
  const actor = { sub: 'admin-1', actingAs: null, requestId: 'req-1' };

  test('keeps what it was based on, and who did it', async () => {
    const { dismiss, written } = dismissing();
    expect(await dismiss('late', true, actor)).toMatchObject({ dismissedAt: '2026-11-25T04:00:00.000Z' });
    expect(await dismiss('late', false, actor)).toMatchObject({ dismissedAt: null });
    expect(written).toEqual([
      [
        'late',
        { at: '2026-11-25T04:00:00.000Z', step: 0, about: 'none' },
        expect.objectContaining({ action: 'sync_advice.dismiss', actor: 'admin-1', subject: 'late' }),
      ],
      ['late', null, expect.objectContaining({ action: 'sync_advice.restore' })],
    ]);
  });

  test('is refused of advice that is not given', async () => {
    const { dismiss, written } = dismissing();
    await expect(dismiss('empty', true, actor)).rejects.toMatchObject({ code: 'ADVICE_GONE' });
    expect(written).toEqual([]);
  });

  test('lasts in the table until it is brought back', async () => {
    const table = await newTable();
    const policy = createPolicyRepository(table);
    const audit = createAuditRepository(table);
    const entry = {
      id: 'aud_1',
      at: '2026-11-25T04:00:00.000Z',
      actor: 'admin-1',
      actingAs: null,
      action: 'sync_advice.dismiss',
      subject: 'late',
      coachId: null,
      requestId: 'req-1',
      details: {},
    };
    const dismissal = { at: entry.at, step: 3, about: 'none' };
    await policy.dismiss('late', dismissal, await audit.appendTransaction(entry));
    expect(await policy.dismissed()).toEqual(new Map([['late', dismissal]]));
    await policy.dismiss('late', null, await audit.appendTransaction({ ...entry, id: 'aud_2' }));
    expect(await policy.dismissed()).toEqual(new Map());
  });
});

describe('a run', () => {
  const at = new Date('2026-11-24T20:00:00.000Z');
  const job = newJob(
    'job_1',
    { taskType: 'game_platform_sync', payload: {}, startedBy: 'schedule:score-sync' },
    at,
  );

  test('shows its time and the shares of those who were read', () => {
    const done = {
      ...job,
      status: 'succeeded' as const,
      startedAt: '2026-11-24T20:00:01.000Z',
      finishedAt: '2026-11-24T20:00:05.500Z',
      counts: { total: 22, left: 2, synced: 1, skipped: 17, failed: 2 },
    };
    expect(syncRunView(done)).toMatchObject({ durationMs: 4_500, errorShare: 0.1, emptyShare: 0.85 });
  });

  test('shows no share before anyone was read', () => {
    expect(syncRunView(job)).toMatchObject({ durationMs: null, errorShare: null, emptyShare: null });
  });
});
