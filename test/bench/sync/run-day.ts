import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { CALL_PURPOSES, type CallPurpose } from '#shared/game-platform/budget/purposes.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import { workMessageSchema } from '#shared/jobs/job.ts';
import { SYSTEM_SCHEDULES } from '#shared/composition/tasks.ts';
import { createBudgetRepository } from '#shared/game-platform/budget/budget-repository.ts';
import { solveSchema } from '#shared/score-sync/score-records.ts';
import { beginsWith, equals, query } from '#shared/table/expressions.ts';
import { keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { queryAll } from '#shared/table/table.ts';
import { firingTimesOf } from '#shared/schedules/firing-times.ts';
import type { Simulator } from '#test/game-platform-simulator/index.ts';
import { syncAll } from '../policy/policies.ts';
import { makeWorld, ROUND, WARM_UP_DAYS, type World } from '../policy/world.ts';
import { putMemory, putPeople, readRound, startWorldsPlatform, warmUp } from './day-program.ts';
import { PLACES, totalOf, type Metered, type Place, type Units } from './meter.ts';
import { shiftClock, type ShiftedClock } from './shifted-clock.ts';
import { startStand, type Stand, type Worked } from './stand.ts';

/**
 * One day of a program through the real functions: a clock that jumps from one schedule's firing to the next, the
 * simulator's people, and habits that four weeks have shown.
 */

const DAY = 86_400;
/** Not part of the day: rosters have a benchmark of their own. */
const LEFT_OUT = new Set(['roster-reconcile']);
/** People in one sweep of the totals. */
const SWEEP_LIMIT = 100;
/** What the tiers would take for each competitor and day. */
const READS_PER_COMPETITOR = 18;

export interface ScheduleCost {
  readonly schedule: string;
  readonly firings: number;
  readonly units: Units;
  readonly queueRequests: number;
}

export interface DayRun {
  /** First second of the day, Unix seconds. */
  readonly start: number;
  readonly competitors: number;
  readonly calls: Readonly<Partial<Record<CallPurpose, number>>>;
  /** By hour of the day. */
  readonly hours: readonly Readonly<Partial<Record<CallPurpose, number>>>[];
  readonly costs: readonly ScheduleCost[];
  /** All schedules together, by what the units were spent on. */
  readonly places: Readonly<Record<Place, Units>>;
  readonly tableCalls: number;
  readonly worked: Worked;
  /** Bytes of all rows at the day's end, as DynamoDB counts them but for its hundred a row. */
  readonly tableBytes: number;
  /** Seconds that the day's solves waited until they were stored, ascending. */
  readonly waits: readonly number[];
  /** Solves that no one had read at the day's end. */
  readonly unseen: number;
  /** Longest time between two reads of one person, in seconds. */
  readonly longestGap: number;
  readonly jobsFailed: number;
  /** The same day read in memory: by the same policy, and everyone every half hour. */
  readonly compared: readonly {
    readonly name: string;
    readonly reads: number;
    readonly waits: readonly number[];
  }[];
  readonly complaints: readonly string[];
}

interface Firing {
  readonly at: number;
  readonly schedule: (typeof SYSTEM_SCHEDULES)[number];
}

/** All firings of a day, in order. @param start Unix seconds */
export function firingsOf(start: number): Firing[] {
  return SYSTEM_SCHEDULES.filter(({ name }) => !LEFT_OUT.has(name))
    .flatMap((schedule) => {
      const times = firingTimesOf(schedule.expression, 'UTC');
      const firings: Firing[] = [];
      let after = start * 1_000 - 1;
      for (;;) {
        const next = times.next(start * 1_000 - DAY * 1_000, after);
        if (next === undefined || next >= (start + DAY) * 1_000) return firings;
        firings.push({ at: next, schedule });
        after = next;
      }
    })
    .toSorted((a, b) => a.at - b.at);
}

async function fire(stand: Stand, clock: ShiftedClock, { at, schedule }: Firing): Promise<void> {
  clock.set(Math.max(at, Date.now()));
  const message = JSON.stringify(schedule.message).replace(
    '<aws.scheduler.scheduled-time>',
    new Date(at).toISOString().replace('.000', ''),
  );
  await stand.work(workMessageSchema.parse(JSON.parse(message)));
  await stand.settled();
}

/** Everything that the people have solved so far is stored and in step, as after weeks of service. */
async function catchUp(stand: Stand, clock: ShiftedClock, competitors: number): Promise<void> {
  const input = { taskType: 'game_platform_sync', payload: {}, startedBy: 'user:bench' } as const;
  for (const round of [1, 2]) {
    const job = newJob(`job_catch-up-${round}`, input, new Date());
    await stand.jobs.create(job);
    await stand.work({ kind: 'plan_job', jobId: job.id });
    await stand.settled();
  }
  const sweeps = SYSTEM_SCHEDULES.filter(({ name }) => name === 'totals-sweep');
  const rounds = Math.ceil(competitors / SWEEP_LIMIT) + 1;
  for (let round = 0; round < rounds; round += 1)
    for (const schedule of sweeps) await fire(stand, clock, { at: Date.now(), schedule });
}

const callsNow = async (stand: Stand) => (await createBudgetRepository(stand.table).state())?.today;

async function waitsOf(stand: Stand, world: World, start: number): Promise<number[]> {
  const waits: number[] = [];
  for (const { id } of world.competitors) {
    const rows = queryAll(
      stand.table,
      query(equals('pk', keys.competitorPartition(id)), beginsWith('sk', 'SOLVE#')),
    );
    for await (const item of rows) {
      const { solvedAt, storedAt } = parseRow(solveSchema, 'solve', item);
      const solved = Date.parse(solvedAt) / 1_000;
      if (solved >= start) waits.push(Date.parse(storedAt) / 1_000 - solved);
    }
  }
  return waits.toSorted((a, b) => a - b);
}

/** Longest time between two score reads of one person in the day. @param readAt when each was read before it, Unix seconds */
function longestGap(simulator: Simulator, readAt: ReadonlyMap<string, number>, start: number): number {
  const last = new Map(readAt);
  let longest = 0;
  for (const { path, synedUserId = '', startedAt } of simulator.requests.since()) {
    const at = startedAt / 1_000;
    if (path !== '/scores/get_odl_scores' || at < start) continue;
    longest = Math.max(longest, at - (last.get(synedUserId) ?? at));
    last.set(synedUserId, at);
  }
  for (const at of last.values()) longest = Math.max(longest, start + DAY - at);
  return longest;
}

export async function runDay(options: {
  readonly seed: number;
  readonly competitors: number;
  /** Which of the days after the warm-up; 0 is a Monday. */
  readonly day: number;
  readonly workers: number;
}): Promise<DayRun> {
  const world = makeWorld(options.seed, options.competitors);
  const start = world.from + (WARM_UP_DAYS + options.day) * DAY;
  const budget = READS_PER_COMPETITOR * options.competitors;
  const { policy, unseen } = warmUp(world, budget, start);
  const memory = policy.observed();

  const clock = shiftClock((start - 1_800) * 1_000);
  const simulator = await startWorldsPlatform(options.seed, world);
  const stand = await startStand(simulator.url);
  try {
    await stand.arrange({
      workers: options.workers,
      settings: { callsPerSecond: 200 },
    });
    await putPeople(stand, world, new Date());
    await catchUp(stand, clock, options.competitors);
    await putMemory(stand, world, memory);
    simulator.requests.clear();

    const hours = Array.from({ length: 24 }, (): Partial<Record<CallPurpose, number>> => ({}));
    const costs = new Map<string, { firings: number; metered: Metered[] }>();
    clock.set(start * 1_000);
    stand.meter.take();
    stand.worked();
    for (const firing of firingsOf(start)) {
      const before = await callsNow(stand);
      await fire(stand, clock, firing);
      const after = await callsNow(stand);
      const hour = hours[Math.floor((firing.at / 1_000 - start) / 3_600)] ?? {};
      for (const purpose of CALL_PURPOSES) {
        const sameDay = before?.day === after?.day;
        const made = (after?.calls[purpose] ?? 0) - (sameDay ? (before?.calls[purpose] ?? 0) : 0);
        if (made > 0) hour[purpose] = (hour[purpose] ?? 0) + made;
      }
      const cost = costs.get(firing.schedule.name) ?? { firings: 0, metered: [] };
      cost.firings += 1;
      cost.metered.push(stand.meter.take());
      costs.set(firing.schedule.name, cost);
    }
    const worked = stand.worked();
    clock.set((start + DAY) * 1_000);
    const waits = await waitsOf(stand, world, start);
    const shown = world.competitors
      .flatMap(({ id }) => simulator.model.platform.odlScores(id).challenge_solves)
      .filter(({ timestamp_unix: at }) => at >= start).length;
    const readAt = new Map(world.competitors.map(({ id }, index) => [id, memory.habits[index]?.readAt ?? 0]));
    let jobsFailed = 0;
    for await (const _ of stand.jobs.inState('failed')) jobsFailed += 1;

    const calls: Partial<Record<CallPurpose, number>> = {};
    for (const hour of hours)
      for (const purpose of CALL_PURPOSES)
        if (hour[purpose] !== undefined) calls[purpose] = (calls[purpose] ?? 0) + hour[purpose];
    return {
      start,
      competitors: options.competitors,
      calls,
      hours,
      costs: [...costs].map(([schedule, { firings, metered }]) => ({
        schedule,
        firings,
        units: metered
          .map(totalOf)
          .reduce((a, b) => ({ reads: a.reads + b.reads, writes: a.writes + b.writes })),
        queueRequests: metered.reduce((sum, one) => sum + one.queueRequests, 0),
      })),
      places: placesOf([...costs.values()].flatMap(({ metered }) => metered)),
      tableCalls: [...costs.values()]
        .flatMap(({ metered }) => metered)
        .reduce((sum, one) => sum + one.tableCalls, 0),
      worked,
      tableBytes: await bytesOf(stand),
      waits,
      unseen: Math.max(0, shown - waits.length),
      longestGap: longestGap(simulator, readAt, start),
      jobsFailed,
      compared: [
        { name: 'the same policy in memory', ...inMemory(world, policy, unseen, start) },
        {
          name: 'sync-all, every 30 min',
          ...inMemory(world, syncAll(world, 1_800), unseenFrom(world, start), start),
        },
      ],
      complaints: stand.complaints,
    };
  } finally {
    await stand.stop();
    await simulator.stop();
    clock.stop();
  }
}

function placesOf(all: readonly Metered[]): Record<Place, Units> {
  const sum = (place: Place, of: keyof Units) =>
    all.reduce((total, { units }) => total + units[place][of], 0);
  return Object.fromEntries(
    PLACES.map((place) => [place, { reads: sum(place, 'reads'), writes: sum(place, 'writes') }]),
  ) as Record<Place, Units>;
}

async function bytesOf({ table }: Stand): Promise<number> {
  let bytes = 0;
  let from: Record<string, unknown> | undefined;
  do {
    const page = await table.client.send(new ScanCommand({ TableName: table.name, ExclusiveStartKey: from }));
    bytes += (page.Items ?? []).reduce((sum, item) => sum + Buffer.byteLength(JSON.stringify(item)), 0);
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return bytes;
}

const unseenFrom = (world: World, start: number) =>
  world.competitors.map(({ solves }) => solves.filter(({ at }) => at >= start));

/** The day's reads of a policy without product, and how long its solves waited. */
function inMemory(
  world: World,
  policy: Parameters<typeof readRound>[1],
  unseen: Parameters<typeof readRound>[2],
  start: number,
): { readonly reads: number; readonly waits: readonly number[] } {
  let reads = 0;
  const waits: number[] = [];
  for (let now = start; now < start + DAY; now += ROUND) {
    const round = readRound(world, policy, unseen, now);
    reads += round.reads;
    waits.push(...round.waits.filter((wait) => wait <= now - start));
  }
  return { reads, waits: waits.toSorted((a, b) => a - b) };
}
