import { describe, expect, test } from 'vitest';
import { syncStateSchema } from '#shared/score-sync/score-records.ts';
import { activityOf, habitOf, packHabit, withSolves } from '#shared/score-sync/sync-memory.ts';
import { syncStateItem } from '#shared/score-sync/score-items.ts';
import { syncState } from '#test/support/sync-world.ts';

const DAY = 86_400;
const NOW = 1_793_700_000;
const odl = (at: number) => ({ at, source: 'odl' as const });

describe('the habit in a sync state', () => {
  test('comes back as it was packed', () => {
    const habit = {
      readAt: NOW + 0.123,
      lastSolveAt: NOW - 60,
      sessionStartedAt: NOW - 600,
      eventSolveAt: 0,
      sessions: 3.25,
      weeks: 11.5,
      accessAt: NOW - 30,
    };
    const packed = packHabit(habit);
    expect(habitOf(syncState('cmp_1', { habit: packed }))).toEqual(habit);
    // As an earlier release packed it.
    expect(habitOf(syncState('cmp_1', { habit: packed.slice(0, 6) }))).toEqual({ ...habit, accessAt: 0 });
  });

  test('has no number that the table could not keep', () => {
    const habit = { ...habitOf(syncState('cmp_1')), sessions: 1e-200, weeks: 1e-131 };
    expect(packHabit(habit)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  test('begins with the last read and the newest solve where an older release read', () => {
    const state = syncState('cmp_1', { lastReadAt: '2026-11-03T17:30:00.000Z', cursorUnix: NOW - DAY });
    expect(habitOf(state)).toEqual({
      readAt: Date.parse('2026-11-03T17:30:00.000Z') / 1000,
      lastSolveAt: NOW - DAY,
      sessionStartedAt: NOW - DAY,
      eventSolveAt: 0,
      sessions: 0,
      weeks: 0,
      accessAt: 0,
    });
    expect(habitOf(syncState('cmp_2')).readAt).toBe(0);
  });
});

describe('the activity in a sync state', () => {
  test('counts as many solves as thirty days have when a competitor solves steadily', () => {
    const solves = Array.from({ length: 2 * 365 }, (_, index) => odl(NOW - (index * DAY) / 2));
    const activity = withSolves(undefined, solves, NOW);
    const shown = activityOf(syncState('cmp_1', { activity }), NOW);
    expect(shown.lastActivityAt).toBe(NOW);
    expect(shown.solvesIn30Days).toBeGreaterThan(57);
    expect(shown.solvesIn30Days).toBeLessThan(63);
  });

  test('is the same whatever order solves come in, and in however many reads', () => {
    const solves = [5, 1, 29, 3, 12].map((days) => odl(NOW - days * DAY));
    const once = withSolves(undefined, solves, NOW);
    const [first, ...others] = solves.toReversed();
    const one = withSolves(undefined, first === undefined ? [] : [first], NOW);
    const many = others.reduce((activity, solve) => withSolves(activity, [solve], NOW), one);
    for (const [index, value] of many.entries()) expect(value).toBeCloseTo(once[index] ?? 0, 6);
  });

  test('forgets with time', () => {
    const activity = withSolves(undefined, [odl(NOW), odl(NOW)], NOW);
    const at = (now: number) => activityOf(syncState('cmp_1', { activity }), now).solvesIn30Days;
    expect(at(NOW)).toBeCloseTo(2, 6);
    expect(at(NOW + 30 * DAY)).toBeCloseTo(2 / Math.E, 6);
    expect(at(NOW + 400 * DAY)).toBeLessThan(0.001);
  });

  test('knows a Flash CTF for thirty days', () => {
    const activity = withSolves(undefined, [{ at: NOW, source: 'flash_ctf' }], NOW);
    const state = syncState('cmp_1', { activity });
    expect(activityOf(state, NOW + 30 * DAY).joinedFlashCtf).toBe(true);
    expect(activityOf(state, NOW + 31 * DAY).joinedFlashCtf).toBe(false);
  });

  test('is the newest solve that was stored where an older release read', () => {
    const state = syncState('cmp_1', { cursorUnix: NOW - DAY });
    expect(activityOf(state, NOW)).toEqual({
      lastActivityAt: NOW - DAY,
      solvesIn30Days: 0,
      joinedFlashCtf: false,
    });
    expect(activityOf(syncState('cmp_2'), NOW).lastActivityAt).toBeNull();
  });
});

/** What DynamoDB bills: names and values in bytes; a list costs three and one an element. */
function itemBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(String(value).replaceAll(/\D/g, '').length / 2) + 2;
  if (value === null || typeof value === 'boolean') return 1;
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + 1 + itemBytes(each), 3);
  return Object.entries(value as object).reduce(
    (sum, [name, each]) => sum + 1 + Buffer.byteLength(name) + itemBytes(each),
    3,
  );
}

test('a sync state stays below one write unit with the largest values', () => {
  const id = 'cmp_01JD000000000000000000000000000000';
  const largest = 4_102_444_799.123;
  const at = '2099-12-31T23:59:59.999Z';
  const run = { jobId: `job_flash-${'9'.repeat(10)}-0123456789`, outcome: 'skipped_no_new_data' as const };
  const state = syncState(id, {
    coachId: id.replace('cmp', 'coach'),
    gamePlatformId: id,
    cursorUnix: 4_102_444_799,
    lastReadAt: at,
    lastFlashReadAt: at,
    lastFailure: { code: 'SOMETHING_LONG_FROM_THE_CLIENT', at },
    lastRun: run,
    lastFlashRun: run,
    odlDigest: 'A'.repeat(22),
    flashDigest: 'A'.repeat(22),
    odlFrom: 4_102_444_799,
    flashAgain: true,
    habit: [largest, largest, largest, largest, 123_456.123456789, 123_456.123456789],
    activity: [largest, 123_456.123456789, largest],
    teamId: id.replace('cmp', 'team'),
    why: { reason: 'r'.repeat(80), at },
  });
  expect(syncStateSchema.parse(state)).toEqual(state);
  const item = syncStateItem(state);
  expect(itemBytes(item)).toBeLessThan(1024);
});
