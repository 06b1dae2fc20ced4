import { performance } from 'node:perf_hooks';
import { firstSyncState } from '#shared/score-sync/score-records.ts';
import { packHabit } from '#shared/score-sync/sync-memory.ts';
import { createNewId } from '#shared/kernel/ids.ts';
import { createNoOpReadRepository } from '#shared/score-sync/no-op-read-repository.ts';
import { syncStateItem } from '#shared/score-sync/score-items.ts';
import { unitOf } from '#test/game-platform-simulator/random.ts';
import { textTable } from '../table.ts';
import { UNBOUND } from './cases.ts';
import { dollars } from './day-report.ts';
import { totalOf, type Units } from './meter.ts';
import { startStand, type Stand } from './stand.ts';

/** What planning a round takes: everyone's state is read, a few of them are chosen and put into parts. */
export interface RoundsRun {
  readonly competitors: number;
  /** People listed, by round. */
  readonly listed: readonly number[];
  /** Of the round in the middle. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** By how much the heap grew at most while it was planned, in bytes; with what could have been collected. */
  readonly heap: number;
  readonly units: Units;
  readonly queueRequests: number;
}

const ROUNDS = 3;
/** As many as the tiers take for a competitor. */
const READS_A_DAY = 18;
const TEAM = 5;
const COACH = 25;
const HOUR = 3_600;
const WEEK = 7 * 24 * HOUR;
const SAMPLE_MS = 50;

/** A tenth solve five times a week, three tenths once, the others hardly ever; all read within the last eight hours. */
function sessionsAWeek(draw: number): number {
  if (draw < 0.1) return 5;
  return draw < 0.4 ? 1 : 0.2;
}

async function putPeople(stand: Stand, seed: number, count: number, now: number): Promise<void> {
  const newId = createNewId();
  const ids = Array.from({ length: count }, () => newId('cmp'));
  const noOpReads = createNoOpReadRepository(stand.table);
  const slots = await noOpReads.slotsFor(ids);
  const reason = 'usual_time 0.31 0.24';
  const items: Record<string, unknown>[] = [];
  for (const [index, competitorId] of ids.entries()) {
    const drawn = (what: string) => unitOf(String(seed), what, String(index));
    const rate = sessionsAWeek(drawn('rate'));
    const solvedAt = Math.floor(now - (drawn('solved') * WEEK) / rate);
    const readAt = Math.floor(now - 8.5 * HOUR);
    const at = new Date(readAt * 1_000).toISOString();
    const coachId = `coach_${Math.floor(index / COACH)}`;
    items.push({
      ...syncStateItem(firstSyncState({ competitorId, coachId, gamePlatformId: competitorId.slice(4) })),
      cursorUnix: solvedAt,
      lastReadAt: at,
      lastFlashReadAt: at,
      odlDigest: 'tUfowyu2IbRdUaa9zUJHvi',
      flashDigest: 'WuFiW0iLOTUSLY3WJ_5XWz',
      odlFrom: Math.max(0, solvedAt - 48 * HOUR),
      habit: packHabit({
        readAt,
        lastSolveAt: solvedAt,
        sessionStartedAt: solvedAt - HOUR / 2,
        eventSolveAt: 0,
        sessions: rate * 8 * drawn('seen'),
        weeks: 8,
        accessAt: 0,
      }),
      activity: [solvedAt, rate * 6, 0],
      teamId: `team_${Math.floor(index / TEAM)}`,
      why: { reason, at },
      lastRun: { jobId: newId('job'), outcome: 'synced' },
      quietSlot: slots.get(competitorId) ?? 0,
    });
  }
  await stand.put(items);
  const jobId = newId('job');
  await noOpReads.save(
    ids.map((competitorId, index) => ({
      competitorId,
      slot: slots.get(competitorId) ?? 0,
      read: {
        odl: {
          at: Math.floor((now - unitOf(String(seed), 'read', String(index)) * 7.9 * HOUR) * 1_000),
          jobId,
          reason,
        },
      },
    })),
  );
}

/** Some rounds, one after another, through the planning function; what they list stays on the queue. */
export async function runRounds(seed: number, competitors: number): Promise<RoundsRun> {
  const stand = await startStand('http://127.0.0.1:9', false);
  try {
    const now = Math.floor(Date.now() / 1_000);
    await putPeople(stand, seed, competitors, now);
    // No more than the calls of a day's rounds: with nothing observed yet, the first ones would list nearly everyone.
    const callsPerSecond = Math.max(2, Math.ceil((competitors * READS_A_DAY) / 86_400 / 0.8));
    await stand.arrange({ workers: 1, settings: { ...UNBOUND, callsPerSecond } });
    const runs: Omit<RoundsRun, 'competitors' | 'listed'>[] = [];
    const listed: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const heapBefore = process.memoryUsage().heapUsed;
      let heap = heapBefore;
      const sampling = setInterval(() => {
        heap = Math.max(heap, process.memoryUsage().heapUsed);
      }, SAMPLE_MS);
      stand.meter.take();
      const before = { at: performance.now(), cpu: process.cpuUsage() };
      await stand.work({
        kind: 'start_task',
        scheduleName: 'score-sync',
        taskType: 'game_platform_sync',
        scheduledTime: new Date((now + round) * 1_000).toISOString(),
        payload: { due: true },
      });
      const { user, system } = process.cpuUsage(before.cpu);
      clearInterval(sampling);
      const metered = stand.meter.take();
      const [job] = await stand.jobs.page({ taskType: 'game_platform_sync' }, { limit: 1, before: null });
      if (job === undefined) throw new Error('There is no job.');
      let people = 0;
      for await (const { subjects } of stand.jobs.partsOf(job.id)) people += subjects.length;
      listed.push(people);
      // No one works it off; while it is open, there is no other round.
      await stand.jobs.cancel(job, new Date().toISOString(), []);
      runs.push({
        seconds: (performance.now() - before.at) / 1_000,
        cpuSeconds: (user + system) / 1e6,
        heap: Math.max(heap, process.memoryUsage().heapUsed) - heapBefore,
        units: totalOf(metered),
        queueRequests: metered.queueRequests,
      });
    }
    const middle = runs.toSorted((a, b) => a.cpuSeconds - b.cpuSeconds)[Math.floor(ROUNDS / 2)];
    if (middle === undefined) throw new Error('There was no round.');
    return { ...middle, competitors, listed };
  } finally {
    await stand.stop();
  }
}

const ROUNDS_A_DAY = 288;
const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);

export const roundsTable = (runs: readonly RoundsRun[]): string =>
  textTable(
    ['a round among', 'listed', 'seconds', 'CPU s', 'µs each', 'heap MB', 'reads', 'writes', '$ a day'],
    runs.map((run) => [
      run.competitors.toLocaleString('en-US'),
      run.listed.join(' / '),
      run.seconds.toFixed(2),
      run.cpuSeconds.toFixed(2),
      ((run.cpuSeconds / run.competitors) * 1e6).toFixed(0),
      megabytes(run.heap),
      run.units.reads.toLocaleString('en-US'),
      run.units.writes.toLocaleString('en-US'),
      (dollars(run.units, run.queueRequests) * ROUNDS_A_DAY).toFixed(2),
    ]),
  );
