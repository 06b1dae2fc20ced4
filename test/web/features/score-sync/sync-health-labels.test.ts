import { describe, expect, test } from 'vitest';
import type { AdviceView, SyncHealthView, SyncRunView } from '#shared/score-sync/contract.ts';
import { GAP_BOUNDS } from '#shared/score-sync/variant-figures.ts';
import {
  adviceBasis,
  adviceTitle,
  adviceWhy,
  callLedger,
  changeWords,
  dayBars,
  errorRuns,
  errorsFinding,
  forecastWords,
  hourBars,
  hoursShown,
  neverSynced,
  oldReadReason,
  periodOf,
  promiseDays,
  readInTime,
  roundIsLate,
  runFigures,
  runHours,
  runKind,
  runsFinding,
  tierWaits,
  waitsFinding,
  waitsNote,
} from '#web/features/score-sync/sync-health-labels.ts';

const ZONE = 'America/Los_Angeles';
const NOW = new Date('2026-11-24T20:30:00.000Z');

const aRun = (over: Partial<SyncRunView> = {}): SyncRunView => ({
  id: 'job_1',
  taskType: 'game_platform_sync',
  status: 'succeeded',
  startedBy: 'schedule:score-sync',
  createdAt: '2026-11-24T20:05:00.000Z',
  startedAt: '2026-11-24T20:05:00.000Z',
  finishedAt: '2026-11-24T20:05:30.000Z',
  durationMs: 30_000,
  parts: { total: 1, done: 1, failed: 0 },
  progress: { done: 20, total: 20 },
  counts: { total: 22, left: 2, synced: 1, skipped: 17, failed: 2 },
  errorShare: 0.1,
  emptyShare: 0.85,
  error: null,
  ...over,
});
const quiet = { errorShare: 0, emptyShare: 1 };

const periodIn = (query: string) => {
  const { id, from, to } = periodOf(new URLSearchParams(query), '2026-11-24');
  return [id, from, to];
};

describe('the period', () => {
  test.each([
    ['', ['week', '2026-11-18', '2026-11-24']],
    ['period=today', ['today', '2026-11-24', '2026-11-24']],
    ['period=month', ['month', '2026-10-26', '2026-11-24']],
    ['period=nonsense', ['week', '2026-11-18', '2026-11-24']],
    ['from=2026-11-01&to=2026-11-03', ['days', '2026-11-01', '2026-11-03']],
    ['from=2026-11-03&to=2026-11-01', ['week', '2026-11-18', '2026-11-24']],
    ['from=2026-11-20&to=2027-01-01', ['days', '2026-11-20', '2026-11-24']],
    ['from=yesterday', ['week', '2026-11-18', '2026-11-24']],
  ])('of the address “%s” is right', (query, wanted) => {
    expect(periodIn(query)).toEqual(wanted);
  });
});

const runAt = (id: string, startedAt: string, durationMs = 30_000) => aRun({ id, startedAt, durationMs });

describe('a run', () => {
  test.each([
    ['failed', { status: 'failed' }],
    ['some_failed', {}],
    ['news', { errorShare: 0, emptyShare: 0.9 }],
    ['empty', quiet],
    ['none', { errorShare: null, emptyShare: null }],
    ['running', { status: 'running' }],
  ] as const)('is shown as %s', (kind, over) => {
    expect(runKind(aRun(over))).toBe(kind);
  });

  test('tells how many were asked, and what that came to', () => {
    expect(runFigures(aRun())).toEqual({ asked: 20, empty: 17, changed: 1, failed: 2 });
  });

  test('is drawn in its hour, beside one that overlaps, and inside the hour', () => {
    const hours = runHours(
      [
        runAt('late', '2026-11-24T20:59:30.000Z', 300_000),
        runAt('first', '2026-11-24T20:05:00.000Z', 240_000),
        runAt('second', '2026-11-24T20:05:00.000Z'),
        runAt('other', '2026-11-24T19:00:00.000Z'),
      ],
      ZONE,
    );
    expect(hours.map(({ hour, blocks }) => [hour, blocks.map(({ run }) => run.id)])).toEqual([
      ['11', ['other']],
      ['12', ['first', 'second', 'late']],
    ]);
    const [, noon] = hours;
    const [first, second, late] = noon?.blocks ?? [];
    expect(second!.from).toBeGreaterThanOrEqual(first!.from + first!.minutes);
    expect(late!.from + late!.minutes).toBeLessThanOrEqual(60);
  });

  test('is summed up in a sentence', () => {
    expect(runsFinding([], 'today')).toBe('No runs today.');
    expect(runsFinding([aRun(quiet)], 'today')).toBe('1 run today: 0 with new solves, none failed.');
    expect(
      runsFinding([aRun(), aRun({ status: 'failed', errorShare: null, emptyShare: null })], 'today'),
    ).toBe('2 runs today: 1 with new solves, 1 failed, 1 had reads that failed.');
  });
});

test('the hours shown end with the one that runs, and never begin before midnight', () => {
  expect(hoursShown(12, 8)).toEqual(['05', '06', '07', '08', '09', '10', '11', '12']);
  expect(hoursShown(2, 8)).toEqual(['00', '01', '02']);
});

test('errors are those of the last runs that asked anyone, oldest first', () => {
  const runs = [aRun({ id: 'b' }), aRun({ id: 'none', errorShare: null }), aRun({ id: 'a', ...quiet })];
  expect(errorRuns(runs).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(errorsFinding(errorRuns(runs))).toBe(
    'At most 10% of a run’s reads failed; 1 run reached the alarm at 10%.',
  );
  expect(errorsFinding([aRun(quiet)])).toBe('No read failed in 1 run.');
  expect(errorsFinding([])).toBe('No run has asked anyone.');
});

describe('waits between reads', () => {
  const lag = {
    slaHours: 8,
    bounds: GAP_BOUNDS,
    groups: [
      { arm: 'adaptive', tier: 'high' as const, reads: [4, 2, 0, 0, 0, 0, 0] },
      { arm: 'tiers', tier: 'high' as const, reads: [1, 0, 0, 0, 0, 0, 2] },
    ],
  };

  test('are a bin for each bound, by variant, late beyond the promise', () => {
    const [active, , inactive] = tierWaits(lag);
    expect(active!.bins.map(({ words }) => words)).toEqual([
      'up to 10 min',
      '10 min to 30 min',
      '30 min to 1 hr',
      '1 hr to 2 hr',
      '2 hr to 4 hr',
      '4 hr to 8 hr',
      'more than 8 hr',
    ]);
    expect(active).toMatchObject({ reads: 9, late: 2 });
    expect(active!.bins[0]).toMatchObject({
      total: 5,
      late: false,
      byArm: [
        { arm: 'adaptive', reads: 4 },
        { arm: 'tiers', reads: 1 },
      ],
    });
    expect(active!.bins.map(({ late }) => late)).toEqual([false, false, false, false, false, false, true]);
    expect(waitsFinding(active!)).toBe('Active: 9 reads, the longest waits more than 8 hr, 2 late.');
    expect(waitsFinding(inactive!)).toBe('Inactive: no reads.');
  });

  test('are late in more bins under a shorter promise', () => {
    const [active] = tierWaits({ ...lag, slaHours: 2 });
    expect(active!.bins.filter(({ late }) => late).map(({ upTo }) => upTo)).toEqual(['4 hr', '8 hr', 'more']);
  });
});

describe('calls', () => {
  const calls: SyncHealthView['calls'] = {
    budget: { perDay: 1_000, perSecond: 10, keptPerDay: 100 },
    days: [
      {
        day: '2026-11-24',
        total: 320,
        ofBudget: 0.32,
        byHour: [],
        byPurpose: [
          { purpose: 'score_sync', calls: 300 },
          { purpose: 'onboarding', calls: 5 },
          { purpose: 'roster', calls: 15 },
        ],
        refused: 0,
        throttled: 0,
        errors: 0,
      },
    ],
    hours: {
      day: '2026-11-24',
      byHour: Array.from({ length: 24 }, (_, hour) =>
        hour === 7
          ? { total: 20, byPurpose: [{ purpose: 'roster' as const, calls: 20 }] }
          : { total: hour === 6 ? 300 : 0, byPurpose: hour === 6 ? null : [] },
      ),
    },
    forecast: {
      day: '2026-11-24',
      calls: 500,
      byHour: Array.from({ length: 24 }, (_, hour) => (hour === 20 ? 180 : 0)),
      earlierDays: 6,
    },
    waits: null,
  };

  test('of an hour are grouped by purpose, or not told apart, with what is still to come', () => {
    const bars = hourBars(calls);
    expect(bars[6]).toMatchObject({ name: '6:00 AM', total: 300, groups: [0, 0, 0, 0, 0], unsplit: 300 });
    expect(bars[7]).toMatchObject({ groups: [0, 0, 0, 20, 0], unsplit: 0 });
    expect(bars[20]).toMatchObject({ total: 0, ahead: 180 });
  });

  test('of a day carry its forecast', () => {
    expect(dayBars(calls, (day) => day)).toMatchObject([
      { name: '2026-11-24', groups: [300, 0, 0, 20, 0], ahead: 180 },
    ]);
  });

  test('add up to the budget of the day', () => {
    const { spent, toCome, kept, spare, of } = callLedger(calls, '2026-11-24');
    expect([spent, toCome, kept, spare]).toEqual([320, 180, 100, 400]);
    expect(spent + toCome + kept + spare).toBe(of);
    expect(callLedger(calls, '2026-11-25')).toMatchObject({ spent: 0, toCome: 0, left: 1_000 });
  });

  test('are foretold with what that rests on', () => {
    expect(forecastWords(calls)).toBe(
      'About 500 by midnight, based on today and the same hours of 6 days before.',
    );
    expect(forecastWords({ ...calls, forecast: { ...calls.forecast!, calls: 950, earlierDays: 0 } })).toBe(
      'About 950 by midnight, based on today’s pace. That is more than reads may use.',
    );
    expect(forecastWords({ ...calls, forecast: null })).toBe(
      'No forecast now: processing is off, or too little of today is known.',
    );
  });

  test('that wait say why and until when, but not for a moment’s wait', () => {
    const until = '2026-11-24T20:40:00.000Z';
    expect(waitsNote({ code: 'BREAKER_OPEN', until }, ZONE, NOW)).toEqual({
      title: 'The Game Platform is failing',
      text: 'Calls wait, and one is tried again at 12:40 PM. Nothing is lost meanwhile.',
    });
    expect(waitsNote({ code: 'RATE_LIMITED', until }, ZONE, NOW)).toBeNull();
    expect(waitsNote({ code: 'THROTTLED', until: '2026-11-24T20:29:00.000Z' }, ZONE, NOW)).toBeNull();
    expect(waitsNote(null, ZONE, NOW)).toBeNull();
  });
});

const aDay = (name: string, reads: number, late: number) => ({
  day: name,
  reads,
  late,
  empty: 0,
  failed: 0,
  newSolves: 0,
  meanWaitSeconds: null,
  arms: [],
});

test('each day of the period keeps the promise, nearly does, breaks it, or has no reads', () => {
  const days = [aDay('2026-11-21', 1_000, 0), aDay('2026-11-22', 1_000, 4), aDay('2026-11-24', 1_000, 5)];
  const period = { from: '2026-11-21', to: '2026-11-24', timeZone: ZONE };
  expect(promiseDays({ days, period }).map(({ state }) => state)).toEqual([
    'kept',
    'nearly',
    'none',
    'broken',
  ]);
});

describe('old reads', () => {
  const at = { slaHours: 8, enabled: true, now: NOW };
  const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000).toISOString();
  const failure = (code: string) => ({ code, at: hoursAgo(1) });
  test.each([
    [
      'Processing is off.',
      { lastReadAt: null, failure: failure('PLATFORM_ERROR') },
      { ...at, enabled: false },
    ],
    ['New: the first read comes with one of the next rounds.', { lastReadAt: null, failure: null }, at],
    [
      'The platform does not know the account. Check its id.',
      { lastReadAt: null, failure: failure('USER_UNKNOWN') },
      at,
    ],
    [
      'The platform did not answer the last try. It is tried again.',
      { lastReadAt: hoursAgo(9), failure: failure('TIMEOUT') },
      at,
    ],
    ['Late without an error: the reads do not keep up.', { lastReadAt: hoursAgo(9), failure: null }, at],
    ['Waits for its turn, inside the promise.', { lastReadAt: hoursAgo(7), failure: null }, at],
  ])('are explained: %s', (words, old, how) => {
    expect(oldReadReason(old, how)).toBe(words);
  });
});

describe('advice', () => {
  const basis = { reads: 1_640, share: 0.83, found: 1_361, before: null };
  const empty = (change: AdviceView['change']) => ({ code: 'empty' as const, basis, change });
  const batch = { path: 'sync.batchSize', from: 50, to: 70 };

  test('names its change, why, and what it is based on', () => {
    const advice = empty(batch);
    expect(adviceTitle(advice)).toBe('Grow the batch from 50 to 70');
    expect(changeWords(batch)).toBe('Batch size: 50 competitors to 70 competitors');
    expect(adviceWhy(advice)).toBe('Most reads come back empty, so fewer or larger ones find as much.');
    expect(adviceBasis(advice, { slaHours: 8, perDay: 6_000 })).toBe(
      '1,640 reads in 7 days: 83% showed nothing new. The rule speaks up above 80%.',
    );
  });

  test('that no setting would follow says so', () => {
    expect(adviceTitle(empty(null))).toBe('Most reads show nothing new');
    expect(adviceWhy(empty(null))).toMatch(/^No setting would save calls/);
  });

  test.each([
    [{ path: 'sync.batchSize', from: 50, to: 25 }, 'Shrink the batch from 50 to 25'],
    [{ path: 'sync.adaptive.on', from: false, to: true }, 'Switch on adaptive reading'],
    [
      { path: 'sync.adaptive.dailyReads', from: null, to: 4_300 },
      'Read less often: 4,300 adaptive reads a day',
    ],
    [{ path: 'sync.callsPerSecond', from: 10, to: 14 }, 'Allow 14 calls a second instead of 10'],
  ])('to change %j is told in words', (change, title) => {
    expect(adviceTitle(empty(change))).toBe(title);
  });

  test('to read fewer adaptively names the default it had', () => {
    expect(changeWords({ path: 'sync.adaptive.dailyReads', from: null, to: 4_300 })).toBe(
      'Adaptive reads a day: the default to 4,300 reads',
    );
  });
});

const healthAt = (at: string, enabled = true) =>
  ({ round: { at }, processing: { enabled } }) as unknown as SyncHealthView;

test('a round is late a quarter of an hour after the last one, but not while processing is off', () => {
  expect(roundIsLate(healthAt('2026-11-24T20:13:00.000Z'), NOW)).toBe(true);
  expect(roundIsLate(healthAt('2026-11-24T20:25:00.000Z'), NOW)).toBe(false);
  expect(roundIsLate(healthAt('2026-11-24T10:00:00.000Z', false), NOW)).toBe(false);
});

test('who was never read was not read in time', () => {
  expect(readInTime({ competitors: 39, late: 1, unread: 4 })).toBe(34);
  expect(readInTime({ competitors: 39, late: null, unread: null })).toBeNull();
});

test('nothing was ever read without a round, reads and calls', () => {
  const never = { round: null, days: [], calls: { days: [] } } as unknown as SyncHealthView;
  expect(neverSynced(never)).toBe(true);
  expect(neverSynced({ ...never, round: {} } as unknown as SyncHealthView)).toBe(false);
});
