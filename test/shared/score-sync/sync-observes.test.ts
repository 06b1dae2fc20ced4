import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newJob } from '#shared/jobs/start-job.ts';
import type { Solve, SyncState } from '#shared/score-sync/score-records.ts';
import { activityOf, habitOf } from '#shared/score-sync/sync-memory.ts';
import { keys } from '#shared/table/keys.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { refusal } from '#test/support/score-platform.ts';
import { SyncWorld, syncState } from '#test/support/sync-world.ts';
import { runs } from '#test/support/effort.ts';

const newTable = useTestTables();
const ID = 'cmp_a';
const HOUR = 3600;
const WEEK = 7 * 24 * HOUR;

async function oneCompetitor(): Promise<SyncWorld> {
  const world = new SyncWorld(await newTable());
  await world.addCompetitor(ID);
  return world;
}

async function stateOf(world: SyncWorld, id = ID): Promise<SyncState> {
  const state = (await createSyncStateRepository(world.table).byIds([id])).get(id);
  if (state === undefined) throw new Error('There is no such state.');
  return state;
}

function solved(world: SyncWorld, solveId: number, ago: number, late = 0, event: number | null = null): void {
  const at = world.platform.nowUnix() - ago;
  world.platform.solves.push({ user: `gp_${ID}`, event, solveId, at, visibleFrom: at + late, points: 50 });
}

async function sync(world: SyncWorld, task?: Parameters<SyncWorld['fire']>[0]): Promise<void> {
  await world.fire(task);
  await world.deliverAll();
}

const stateWrites = (world: SyncWorld): number =>
  world.tableCalls.filter(
    ({ name, input }) =>
      name === 'UpdateCommand' && JSON.stringify(input['Key']) === JSON.stringify(keys.syncState(ID)),
  ).length;

describe('what a read observes', () => {
  test('goes into the one write of the state, at a first read and with news', async () => {
    const world = await oneCompetitor();
    await sync(world);
    expect(stateWrites(world)).toBe(1);
    world.advance(1800);
    solved(world, 1, 600);
    await sync(world);
    expect(stateWrites(world)).toBe(2);
    const state = await stateOf(world);
    const now = world.platform.nowUnix();
    expect(habitOf(state)).toMatchObject({
      readAt: now,
      lastSolveAt: now - 600,
      sessionStartedAt: now - 600,
    });
    expect(habitOf(state).sessions).toBeCloseTo(1, 3);
    expect(habitOf(state).weeks).toBeCloseTo(1800 / WEEK, 6);
    expect(state.activity).toEqual([now - 600, 1, 0]);
  });

  test('includes an access later than the last solve, once', async () => {
    const world = await oneCompetitor();
    solved(world, 1, 2 * HOUR);
    await sync(world);
    world.advance(1800);
    const at = world.platform.nowUnix() - 120;
    world.platform.accessedAt.set((await stateOf(world)).gamePlatformId, at);
    await sync(world);
    expect(stateWrites(world)).toBe(2);
    const state = await stateOf(world);
    expect(habitOf(state)).toMatchObject({
      accessAt: at,
      sessionStartedAt: at,
      lastSolveAt: at + 120 - 9000,
    });
    expect(activityOf(state, at + 120).lastActivityAt).toBe(at);
    world.advance(1800);
    await sync(world);
    expect(stateWrites(world)).toBe(2);
  });

  test('of a first read is the whole history, with the weeks that it took', async () => {
    const world = await oneCompetitor();
    for (let week = 0; week < 20; week += 1) solved(world, week, 1000 + week * WEEK);
    await sync(world);
    const { sessions, weeks } = habitOf(await stateOf(world));
    expect(sessions / weeks).toBeGreaterThan(0.8);
    expect(sessions / weeks).toBeLessThan(1.25);
  });

  test('of a totals sweep counts as well, and is not observed again by the next sync', async () => {
    const world = await oneCompetitor();
    await sync(world);
    world.advance(WEEK);
    // So late that an incremental read never sees it.
    solved(world, 1, 6 * 24 * HOUR);
    await sync(world, 'game_platform_totals_sweep');
    const observed = habitOf(await stateOf(world));
    expect(observed).toMatchObject({ lastSolveAt: world.platform.nowUnix() - 6 * 24 * HOUR });
    expect(observed.sessions).toBeGreaterThan(0.9);
    world.advance(60);
    await sync(world);
    expect(habitOf(await stateOf(world)).sessions).toBeCloseTo(observed.sessions, 3);
  });

  test('of Flash CTFs alone says nothing of the weeks', async () => {
    const world = await oneCompetitor();
    const now = world.platform.nowUnix();
    world.platform.events.push({ name: 'Flash CTF', start: now - HOUR, end: now + 2 * HOUR });
    await sync(world);
    const before = habitOf(await stateOf(world));
    world.advance(600);
    solved(world, 1, 60, 0, 0);
    await sync(world, 'game_platform_flash_ctf_sync');
    const state = await stateOf(world);
    const at = world.platform.nowUnix() - 60;
    expect(habitOf(state)).toEqual({ ...before, eventSolveAt: at });
    expect(state.activity).toEqual([at, 1, at]);
    expect(state.why?.reason).toBe('flash_ctf');
  });

  test('is nothing when the platform refused', async () => {
    const world = await oneCompetitor();
    await sync(world);
    const { habit } = await stateOf(world);
    world.advance(1800);
    world.platform.refusals.set(`gp_${ID}`, refusal('THROTTLED', 429));
    await sync(world);
    expect((await stateOf(world)).habit).toEqual(habit);
  });

  test('keeps why the read was made, and when', async () => {
    const world = await oneCompetitor();
    await sync(world);
    expect((await stateOf(world)).why).toEqual({ reason: 'first', at: world.now.toISOString() });
    world.advance(1800);
    await sync(world);
    expect((await stateOf(world)).why).toEqual({ reason: 'everyone', at: world.now.toISOString() });
    world.advance(60);
    await world.readInFull([ID]);
    await world.deliverAll();
    expect((await stateOf(world)).why).toEqual({ reason: 'asked', at: world.now.toISOString() });
  });
});

const aSolve = (solveId: number, at: number): Solve => ({
  competitorId: ID,
  coachId: 'coach_1',
  source: 'odl',
  eventId: 'odl',
  solveId,
  challengeId: solveId,
  title: 'Challenge',
  points: 50,
  category: 'crypto',
  solvedAt: new Date(at * 1000).toISOString(),
  day: '2026-11-03',
  retired: false,
  workRoles: [],
  storedAt: new Date(at * 1000).toISOString(),
});

test('two reads that began with the same state are recorded one after the other', async () => {
  const world = await oneCompetitor();
  const states = createSyncStateRepository(world.table);
  const old = syncState(ID);
  const now = world.platform.nowUnix();
  for (const [index, ago] of [3 * HOUR, 60].entries()) {
    const readAt = new Date((now - ago + 30) * 1000);
    const solves = [aSolve(index, now - ago)];
    const { recorded } = await states.recordRead(old, {
      jobId: `job_${index}`,
      reason: 'everyone',
      read: 'odl',
      outcome: 'synced',
      lists: [{ source: 'odl', readAt, solves, added: solves }],
      change: { lastReadAt: readAt.toISOString() },
      endedAt: readAt,
    });
    expect(recorded).toBe(true);
  }
  expect(habitOf(await stateOf(world)).sessions).toBeCloseTo(2, 2);
  const leftMeanwhile = syncState(ID, { gamePlatformId: 'gp_another' });
  const list = {
    source: 'odl',
    readAt: new Date(now * 1000),
    solves: [aSolve(2, now - 30)],
    added: [],
  } as const;
  expect(await states.recordLateSolves(leftMeanwhile, list)).toMatchObject({ recorded: false });
});

/** Some solves, all of one job's part, killed at a call; then what is left is processed. */
async function habitAfter(killAt: number, answerLost: boolean, twice: boolean) {
  const world = await oneCompetitor();
  const now = world.platform.nowUnix();
  world.platform.events.push({ name: 'Flash CTF', start: now - HOUR, end: now + 9 * HOUR });
  // Only an event that a competitor was seen in is read by every sync.
  solved(world, 100, 60, 0, 0);
  await sync(world);
  await world.drain();
  world.advance(HOUR / 2);
  for (const [index, ago] of [3000, 60, 30].entries()) {
    solved(world, index, ago);
    solved(world, index, ago, 0, 0);
  }
  const input = {
    taskType: 'game_platform_sync',
    payload: { competitorIds: [ID], full: false },
    startedBy: 'user:sub-1',
  } as const;
  await world.jobs.create(newJob('job_1', input, world.now));
  await world.work({ kind: 'plan_job', jobId: 'job_1' });
  world.losesAnswers(answerLost);
  await world.deliver(0, { killAt, keepCopy: twice });
  const { killed } = world;
  world.losesAnswers(false);
  await world.drain();
  const state = await stateOf(world);
  return { killed, habit: habitOf(state), activity: state.activity ?? [] };
}

test('a job that is delivered twice, or whose worker dies at any call, records what it would have recorded', async () => {
  const expected = await habitAfter(Infinity, false, false);
  expect(expected.habit.sessions).toBeGreaterThan(0.9);
  expect(expected.activity[1]).toBeGreaterThan(5.9);
  await fc.assert(
    fc.asyncProperty(fc.nat(45), fc.boolean(), fc.boolean(), async (killAt, answerLost, twice) => {
      const { habit, activity } = await habitAfter(killAt, answerLost, twice);
      const { lastSolveAt, sessionStartedAt, eventSolveAt } = expected.habit;
      expect(habit).toMatchObject({ lastSolveAt, sessionStartedAt, eventSolveAt });
      for (const [index, value] of activity.entries())
        expect(value).toBeCloseTo(expected.activity[index] ?? 0, 6);
      // The read that goes on comes some minutes later: only what fades with time may differ, by as much.
      const later = (habit.readAt - expected.habit.readAt) / WEEK;
      expect(later).toBeGreaterThanOrEqual(0);
      expect(habit.weeks - expected.habit.weeks).toBeLessThanOrEqual(later + 1e-6);
      expect(Math.abs(habit.sessions - expected.habit.sessions)).toBeLessThanOrEqual(
        later * expected.habit.sessions + 1e-6,
      );
    }),
    { numRuns: runs(15, 4) },
  );
});
