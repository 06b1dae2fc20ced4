import { describe, expect, test } from 'vitest';
import type { ScheduleView } from '#shared/schedules/contract.ts';
import { SYSTEM_SCHEDULES } from '#shared/composition/tasks.ts';
import {
  emptySchedule,
  jobIsOwn,
  nameOf,
  scheduleBodyOf,
  scheduleFormOf,
  schedulePatchOf,
} from '#web/features/schedules/schedule-form-values.ts';
import {
  countedScheduleFilters,
  lastRunState,
  missedNote,
  scheduleAbout,
  schedulesSummary,
  scheduleTimes,
  scheduleTitle,
} from '#web/features/schedules/schedule-labels.ts';

const ZONE = 'America/Los_Angeles';
const NOW = new Date('2026-11-24T20:00:00Z');

const aSchedule = (parts: Partial<ScheduleView> = {}): ScheduleView => ({
  name: 'monthly-full-check',
  expression: 'cron(0 6 ? * 2#1 *)',
  timezone: ZONE,
  taskType: 'game_platform_sync',
  payload: { full: true },
  enabled: true,
  builtIn: false,
  version: 1,
  createdAt: '2026-11-01T00:00:00.000Z',
  changedAt: '2026-11-01T00:00:00.000Z',
  nextRuns: [{ at: '2026-12-07T14:00:00.000Z', clockChange: null }],
  lastRun: null,
  didNotRun: null,
  ...parts,
});
const MISSED = { didNotRun: { expectedAt: '2026-11-24T19:00:00.000Z' } };
const DISPATCHER = { name: 'job-dispatcher', builtIn: true, taskType: null, payload: {} };

describe('a schedule in words', () => {
  test('has a title and says what it does', () => {
    expect(scheduleTitle(aSchedule())).toBe('Monthly full check');
    expect(scheduleAbout(aSchedule())).toBe('Score sync, everything again');
    const ofCoach = aSchedule({ payload: { coachId: 'coa_1', full: false } });
    expect(scheduleAbout(ofCoach)).toBe('Score sync, one coach');
    expect(scheduleAbout(ofCoach, () => 'Morgan Reyes')).toBe('Score sync, Morgan Reyes');
    expect(scheduleTitle(aSchedule({ builtIn: true, name: 'score-sync' }))).toBe('Score sync');
    expect(scheduleTitle(aSchedule(DISPATCHER))).toBe('Start waiting jobs');
    const titles = SYSTEM_SCHEDULES.map(({ name, message }) => {
      const taskType = typeof message['taskType'] === 'string' ? message['taskType'] : null;
      return scheduleTitle({ name, builtIn: true, taskType });
    });
    expect(new Set(titles).size).toBe(SYSTEM_SCHEDULES.length);
  });

  test('names the zone where the clock decides', () => {
    expect(scheduleTimes(aSchedule())).toBe('First Monday of the month at 6:00 AM, Pacific Time');
    expect(scheduleTimes(aSchedule({ timezone: 'UTC' }))).toBe('First Monday of the month at 6:00 AM, UTC');
    expect(scheduleTimes(aSchedule({ expression: 'rate(5 minutes)' }))).toBe('Every 5 minutes');
  });

  test('says how its last run went', () => {
    const run = { time: '2026-11-24T19:00:00.000Z', jobId: 'job_1', result: null, byHand: false };
    expect(lastRunState({ ...run, status: 'failed' }).text).toBe('Failed');
    expect(lastRunState({ ...run, status: null }).text).toBe('Ran');
    expect(lastRunState({ ...run, status: null, jobId: null }).text).toBe('Done');
    const left = { ...run, status: 'succeeded' as const, result: { skippedOverlap: 1 } };
    expect(lastRunState(left).text).toBe('Left to the run before it');
  });

  test('warns of one that did not run, and of several at once', () => {
    expect(missedNote([aSchedule()], ZONE, NOW)).toBeNull();
    expect(missedNote([aSchedule(MISSED), aSchedule()], ZONE, NOW)).toEqual({
      title: 'Monthly full check did not run at 11:00 AM',
      text: 'Nothing started then, so the clock or its message failed. The next run is Mon, Dec 7, 6:00 AM.',
    });
    const several = missedNote([aSchedule(MISSED), aSchedule({ ...DISPATCHER, ...MISSED })], ZONE, NOW);
    expect(several?.title).toBe('2 schedules did not run');
    expect(several?.text).toMatch(/^Monthly full check and Start waiting jobs: /);
  });

  test('is counted', () => {
    const all = [aSchedule(), aSchedule(MISSED), aSchedule({ enabled: false }), aSchedule(DISPATCHER)];
    expect(schedulesSummary(all)).toBe('4 schedules: 2 on time, 1 did not run, 1 off.');
    expect(schedulesSummary([aSchedule()])).toBe('1 schedule: 1 on time.');
    expect(countedScheduleFilters(all).map(({ count }) => count)).toEqual([4, 1, 3, 1]);
  });
});

describe('the form of a schedule', () => {
  test.each([
    ['Monthly full check', 'monthly-full-check'],
    ['  Élite: check! ', 'elite-check'],
    ['!!!', ''],
    [`${'a'.repeat(59)} b`, 'a'.repeat(59)],
  ])('makes “%s” the name “%s”', (words, name) => {
    expect(nameOf(words)).toBe(name);
  });

  test('sends a new one whole, and of a changed one what differs', () => {
    const form = { ...emptySchedule(ZONE), name: 'Evening read', coachId: 'coa_1' };
    expect(scheduleBodyOf(form)).toEqual({
      name: 'evening-read',
      expression: 'cron(0 6 * * ? *)',
      timezone: ZONE,
      taskType: 'game_platform_sync',
      payload: { coachId: 'coa_1', full: false },
      enabled: true,
    });
    const schedule = aSchedule();
    const same = scheduleFormOf(schedule);
    expect(schedulePatchOf(same, schedule)).toEqual({});
    expect(schedulePatchOf({ ...same, expression: ' rate(1 day) ', timezone: 'UTC' }, schedule)).toEqual({
      expression: 'rate(1 day)',
      timezone: 'UTC',
    });
    expect(schedulePatchOf({ ...same, full: false }, schedule)).toEqual({
      taskType: 'game_platform_sync',
      payload: { full: false },
    });
  });

  test('leaves alone what it cannot show', () => {
    expect(jobIsOwn(aSchedule())).toBe(true);
    expect(jobIsOwn(aSchedule({ payload: {} }))).toBe(true);
    expect(jobIsOwn(aSchedule({ builtIn: true }))).toBe(false);
    expect(jobIsOwn(aSchedule({ payload: { competitorIds: ['cmp_1'], full: false } }))).toBe(false);
    const sweep = aSchedule({ taskType: 'game_platform_totals_sweep', payload: { limit: 5 } });
    expect(jobIsOwn(sweep)).toBe(false);
    expect(schedulePatchOf({ ...scheduleFormOf(sweep), timezone: 'UTC' }, sweep)).toEqual({
      timezone: 'UTC',
    });
  });
});
