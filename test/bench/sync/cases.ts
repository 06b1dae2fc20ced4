import { createNewId } from '#shared/kernel/ids.ts';
import { firstSyncState } from '#shared/score-sync/score-records.ts';
import type { SyncSettings } from '#shared/settings/sync-settings.ts';
import { syncStateItem } from '#shared/score-sync/score-items.ts';
import { bareCallsPerSecond } from './bare-calls.ts';
import { startPlatform, type BenchPlatform } from './platform.ts';
import { runJob, type JobRun } from './run-job.ts';
import { startStand, TOKEN, type Stand } from './stand.ts';

/** A program of so many people: platform, table, queue and workers. */
export interface Program {
  readonly ids: readonly string[];
  readonly platform: BenchPlatform;
  readonly stand: Stand;
  stop(): Promise<void>;
}

const COACHES = 20;

/** @param days how long people have been solving on the platform; 0: they have solved nothing and were read before */
export async function openProgram(seed: number, count: number, days: number): Promise<Program> {
  const newId = createNewId();
  const ids = Array.from({ length: count }, () => newId('cmp'));
  const now = Math.floor(Date.now() / 1_000);
  const platform = await startPlatform({ seed, token: TOKEN, now, days, ids });
  const stand = await startStand(platform.url);
  const readAt = new Date(now * 1_000).toISOString();
  const read = days === 0 ? { lastReadAt: readAt, lastFlashReadAt: readAt } : {};
  const states = ids.map((competitorId, index) => ({
    ...firstSyncState({ competitorId, coachId: `coach_${index % COACHES}`, gamePlatformId: competitorId }),
    ...read,
  }));
  await stand.put(states.map(syncStateItem));
  return {
    ids,
    platform,
    stand,
    stop: async () => {
      await stand.stop();
      await platform.stop();
    },
  };
}

/** As fast as the machine can: neither the rate nor the day binds. */
export const UNBOUND = { callsPerSecond: 1_000, dailyCallBudget: 10_000_000 } as const;

export interface Setting {
  readonly workers: number;
  readonly settings: Partial<SyncSettings>;
}

/** One job over everyone, with new instances of the workers. */
export async function runCase({ stand, platform }: Program, setting: Setting): Promise<JobRun> {
  await stand.arrange(setting);
  return runJob(stand, platform);
}

export const CASES = ['first read', 'no change', 'one in ten with news'] as const;
export type Case = (typeof CASES)[number];

export interface CaseRun extends JobRun {
  readonly what: Case;
  /** Milliseconds that the platform took for an answer. */
  readonly latency: number;
}

/** The first read of more people than this takes too long, and is of the same cost each. */
const MOST_WITH_HISTORY = 3_000;

/** The cases of one size; of a larger program those of people who were read before. */
export async function runCases(
  seed: number,
  count: number,
  { days, latencies, ...setting }: Setting & { readonly days: number; readonly latencies: readonly number[] },
  report: (run: CaseRun) => void,
): Promise<CaseRun[]> {
  const program = await openProgram(seed, count, count > MOST_WITH_HISTORY ? 0 : days);
  const runs: CaseRun[] = [];
  const run = async (what: Case, latency: number): Promise<void> => {
    await program.platform.latency(latency);
    const one = { ...(await runCase(program, setting)), what, latency };
    runs.push(one);
    report(one);
  };
  try {
    if (count <= MOST_WITH_HISTORY) await run('first read', 0);
    // The second read asks for what came after the cursor: a new fingerprint, once.
    await runCase(program, setting);
    for (const latency of latencies) await run('no change', latency);
    await program.platform.news(program.ids.filter((_, index) => index % 10 === 0));
    await run('one in ten with news', 0);
    if (program.stand.complaints.length > 0)
      console.log(`${program.stand.complaints.length} warnings, the first: ${program.stand.complaints[0]}`);
    return runs;
  } finally {
    await program.stop();
  }
}

export interface ThroughputPoint {
  readonly workers: number;
  /** Competitors that one worker reads at once. */
  readonly concurrency: number;
  readonly callsPerSecond: number;
  readonly perSecond: number;
  /** What nothing but the platform's latency allows: concurrency ÷ latency, with the latency of a bare call. */
  readonly nominal: number;
  /** Bare calls a second with as many in flight: the same machine, without the product. */
  readonly bare: number;
  readonly run: JobRun;
}

/** Reads without news at several concurrencies, and at last with a rate that binds. */
export async function throughput(
  seed: number,
  count: number,
  points: readonly {
    readonly workers: number;
    readonly concurrency: number;
    readonly callsPerSecond: number;
  }[],
  latency: number,
): Promise<ThroughputPoint[]> {
  const program = await openProgram(seed, count, 0);
  const { platform, ids } = program;
  try {
    await runCase(program, { workers: 2, settings: UNBOUND });
    await platform.latency(latency);
    const alone = await bareCallsPerSecond(platform.url, TOKEN, ids, { inFlight: 1, calls: 40 });
    const found: ThroughputPoint[] = [];
    for (const point of points) {
      const inFlight = point.workers * point.concurrency;
      const bare = await bareCallsPerSecond(platform.url, TOKEN, ids, { inFlight, calls: count });
      const { workers, concurrency, callsPerSecond } = point;
      const run = await runCase(program, {
        workers,
        settings: { ...UNBOUND, concurrency, callsPerSecond },
      });
      const perSecond = run.competitors / run.seconds;
      found.push({ ...point, perSecond, nominal: alone * inFlight, bare, run });
    }
    return found;
  } finally {
    await program.stop();
  }
}
