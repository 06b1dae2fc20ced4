import { beforeEach, describe, expect, test } from 'vitest';
import { createDynamoEstimate } from '#shared/composition/estimates.ts';
import { TASKS } from '#shared/composition/tasks.ts';
import { estimateJob, type EstimateJobDeps } from '#shared/jobs/estimate-job.ts';
import { PlanRefusedError } from '#shared/jobs/plan-page.ts';
import { keys } from '#shared/table/keys.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { SyncWorld, TIME_ZONE } from '#test/support/sync-world.ts';

const NOW = new Date('2026-11-03T18:00:00.000Z');
const plenty = () => 10_000;

const deps = (over: Partial<EstimateJobDeps> = {}): EstimateJobDeps => ({
  tasks: TASKS,
  planPage: () => Promise.resolve({ subjects: ['a', 'b', 'c'], next: null }),
  callsOf: () => Promise.resolve(undefined),
  callsLeft: () => Promise.resolve({ today: 500, perDay: 1_000 }),
  perSecond: () => Promise.resolve({ roster: 10, reads: 2 }),
  now: () => NOW,
  ...over,
});
const of = (taskType: string) => ({ taskType, payload: {} });

describe('the estimate of a job', () => {
  test.each([
    ['reads, at the rate of reads', 'profile_refresh', { calls: 3, exact: true, perSecond: 2, seconds: 2 }],
    ['accounts, at the rate of rosters', 'onboard_coaches', { calls: 6, exact: false, seconds: 1 }],
    ['work that calls no one', 'job_cleanup', { calls: 0, exact: true, seconds: 0 }],
  ])('has the calls of each subject: %s', async (_, taskType, estimate) => {
    expect(await estimateJob(deps(), of(taskType), plenty)).toMatchObject({
      ...estimate,
      subjects: 3,
      complete: true,
      leftToday: 500,
      refusal: null,
    });
  });

  test('adds up all pages, and stops where the time ends', async () => {
    const pages = deps({
      planPage: (_, cursor) =>
        Promise.resolve({
          subjects: ['a'],
          next: cursor?.['page'] === 2 ? null : { page: cursor === null ? 1 : 2 },
        }),
      callsOf: (_, __, page) => Promise.resolve(2 * page.subjects.length),
    });
    const whole = await estimateJob(pages, of('game_platform_sync'), plenty);
    expect(whole).toMatchObject({ subjects: 3, calls: 6, complete: true });
    let left = 5_000;
    const cut = await estimateJob(pages, of('game_platform_sync'), () => (left -= 600));
    expect(cut).toMatchObject({ subjects: 1, calls: 2, complete: false });
  });

  test('of a job that its planner refuses says why', async () => {
    const refusing = deps({ planPage: () => Promise.reject(new PlanRefusedError('Too many look-ups.')) });
    expect(await estimateJob(refusing, of('external_id_backfill'), plenty)).toMatchObject({
      refusal: 'Too many look-ups.',
      complete: false,
    });
  });
});

describe('the estimate by the planners of the real jobs', () => {
  const newTable = useTestTables();
  let world: SyncWorld;
  beforeEach(async () => {
    world = new SyncWorld(await newTable());
    for (const id of ['cmp_a', 'cmp_b']) await world.addCompetitor(id);
  });
  const estimate = (taskType: string, payload: Record<string, unknown> = {}) =>
    createDynamoEstimate({ table: world.table, timeZone: TIME_ZONE, now: () => world.now })(
      { taskType, payload },
      plenty,
    );

  test.each([
    ['everyone in full', { full: true }, 4],
    ['a round', { full: false, due: true }, 4],
    ['a dry run', { full: true, dryRun: true }, 0],
  ])('of a score sync is what it then calls: %s', async (_, payload, calls) => {
    expect(await estimate('game_platform_sync', payload)).toMatchObject({
      subjects: 2,
      calls,
      complete: true,
    });
  });

  test('starts nothing, and the sweep that follows begins where it would have begun', async () => {
    expect(await estimate('game_platform_totals_sweep')).toMatchObject({ subjects: 2, calls: 2 });
    await estimate('game_platform_sync', { full: false, due: true });
    expect(await world.openJobs()).toBe(0);
    expect(await itemsOf(world.table, keys.jobPartition('job_estimate'))).toEqual([]);
    await world.fire('game_platform_totals_sweep');
    await world.deliverAll();
    expect(await world.allJobs('game_platform_totals_sweep')).toMatchObject([{ counts: { total: 2 } }]);
  });
});
