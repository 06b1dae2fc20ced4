import { expect, test } from 'vitest';
import { newJob } from '#shared/jobs/start-job.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { expectedOf, storedOf } from '#test/support/stored-scores.ts';
import { SyncWorld } from '#test/support/sync-world.ts';
import { everyNth } from '#test/support/effort.ts';

const newTable = useTestTables();
const PEOPLE = ['cmp_a', 'cmp_b'];
const STEP = everyNth(13);

async function twoPeopleWithSolves(): Promise<SyncWorld> {
  const world = new SyncWorld(await newTable());
  const now = world.platform.nowUnix();
  world.platform.events.push({ name: 'Flash CTF', start: now - 3600, end: now + 3600 });
  for (const [index, id] of PEOPLE.entries()) {
    await world.addCompetitor(id);
    for (let solveId = 0; solveId < 3; solveId += 1) {
      const solve = {
        user: `gp_${id}`,
        solveId,
        at: now - 600 * solveId,
        visibleFrom: 0,
        points: 10 + index,
      };
      world.platform.solves.push({ ...solve, event: null }, { ...solve, event: 0 });
    }
  }
  return world;
}

async function expectAllStoredOnce(world: SyncWorld): Promise<void> {
  for (const id of PEOPLE) expect(await storedOf(world, id)).toEqual(expectedOf(world, id));
  const [job, ...others] = await world.allJobs();
  expect(others).toEqual([]);
  expect(job).toMatchObject({
    status: 'succeeded',
    done: 2,
    partsDone: 1,
    counts: { total: 2, synced: 2, failed: 0 },
  });
  // A metric may die with the worker that ends the job, but is never sent twice.
  const reported = world.finished.filter(({ taskType }) => taskType === 'game_platform_sync');
  expect(reported.length).toBeLessThanOrEqual(1);
}

/** Kills the first try of an act at its n-th call, for every n, or every few, until it is not killed any more. */
async function killEverywhere(act: (world: SyncWorld, killAt: number) => Promise<void>): Promise<number> {
  let kills = 0;
  for (const answerLost of [false, true]) {
    for (let killAt = 0; ; killAt += STEP) {
      const world = await twoPeopleWithSolves();
      world.losesAnswers(answerLost);
      await act(world, killAt);
      const killed = world.killed;
      world.losesAnswers(false);
      await world.drain();
      await expectAllStoredOnce(world);
      if (!killed) break;
      kills += 1;
    }
  }
  return kills;
}

test('a worker killed at any call of its part leaves a job that ends with everything stored and counted once', async () => {
  const kills = await killEverywhere(async (world, killAt) => {
    // For these people only: planning for everyone would ask sixteen partitions, in each of some ninety worlds.
    const payload = { competitorIds: PEOPLE, full: false };
    const input = { taskType: 'game_platform_sync', payload, startedBy: 'user:sub-1' } as const;
    await world.jobs.create(newJob('job_1', input, world.now));
    await world.work({ kind: 'plan_job', jobId: 'job_1' });
    await world.deliver(0, { killAt });
  });
  expect(kills).toBeGreaterThan(30 / STEP);
});

test('a start of a job killed at any call leaves a job that ends, once, by the same message or the dispatcher', async () => {
  const kills = await killEverywhere(async (world, killAt) => {
    const time = {
      kind: 'start_task',
      scheduleName: 'score-sync',
      scheduledTime: '2026-11-03T18:00:00Z',
    } as const;
    const message = { ...time, taskType: 'game_platform_sync' } as const;
    await world.work(message, killAt);
    const { killed } = world;
    await world.work(message);
    world.killed = killed;
  });
  expect(kills).toBeGreaterThan(8 / STEP);
});
