import { GamePlatformError } from '../game-platform/game-platform-error.ts';
import { eachSubject } from '../jobs/each-subject.ts';
import type { PartWorker } from '../jobs/work-part.ts';
import type { Log } from '../observability/log.ts';
import { monthOf } from '../dashboard/days.ts';
import { dayOf } from './programme-day.ts';
import type { CompetitorStats, SyncState, TotalsDue } from './score-records.ts';
import { mapOdlScores, type Subject } from './solve-mapping.ts';
import type { SyncCompetitorDeps } from './sync-competitor.ts';
import { SYNC_CONCURRENCY, type SyncWorkerDeps } from './sync-worker.ts';

export interface TotalsWorkerDeps extends Pick<
  SyncWorkerDeps,
  'platform' | 'quarantine' | 'processing' | 'timeZone' | 'now' | 'newId'
> {
  readonly syncStates: {
    readonly ofCompetitors: (ids: readonly string[]) => Promise<ReadonlyMap<string, SyncState>>;
  };
  readonly solves: SyncCompetitorDeps['solves'] & {
    readonly statsOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, CompetitorStats>>;
    readonly savePlatformTotals: (
      subject: Subject,
      totals: NonNullable<CompetitorStats['platform']>,
    ) => Promise<void>;
    readonly ctfSolvedIn: (competitorId: string, month: string) => Promise<number>;
  };
  readonly totals: {
    readonly ofCompetitors: (ids: readonly string[]) => Promise<ReadonlyMap<string, TotalsDue>>;
    readonly clear: (due: TotalsDue) => Promise<void>;
  };
}

export type TotalsRefreshDeps = Pick<
  TotalsWorkerDeps,
  'quarantine' | 'solves' | 'timeZone' | 'now' | 'newId'
> & {
  readonly platform: Pick<TotalsWorkerDeps['platform'], 'getOdlScores'>;
  readonly totals: Pick<TotalsWorkerDeps['totals'], 'clear'>;
};

const START_WITH_MS = 5_000;
const WRITE_RESERVE_MS = 3_000;

const isoOrNull = (unix: number): string | null =>
  unix > 0 && unix < 4_102_444_800 ? new Date(unix * 1000).toISOString() : null;

/** `refreshed`, or `drift` when the platform counts other solves than we have stored. */
export async function refreshTotals(
  deps: TotalsRefreshDeps,
  state: SyncState,
  due: TotalsDue,
  jobId: string,
  budgetMs: number,
  log: Log,
): Promise<'refreshed' | 'drift'> {
  const { competitorId } = state;
  const readAt = deps.now();
  const at = readAt.toISOString();
  const scores = await deps.platform.getOdlScores(state.gamePlatformId, undefined, { budgetMs });

  const storedOdl = (await deps.solves.statsOf([competitorId])).get(competitorId)?.storedOdl ?? 0;
  const drift = storedOdl !== scores.total_challenges_solved;
  if (drift) {
    // The answer is a full one, so it holds whatever we lack: late solves beyond the overlap, above all.
    const mapped = mapOdlScores(state, { timeZone: deps.timeZone, readAt: at }, scores);
    for (const rejected of mapped.rejected) await deps.quarantine.put(state, rejected, readAt);
    const added = await deps.solves.store(state, mapped.solves, {
      since: at,
      totalsMark: null,
      activity: (counts) => ({
        id: deps.newId('act'),
        coachId: state.coachId,
        at,
        kind: 'solves_stored',
        actor: `job:${jobId}`,
        competitorId,
        details: { ...counts },
      }),
    });
    log.warn('drift', { competitorId, platform: scores.total_challenges_solved, stored: storedOdl, added });
  }
  await deps.solves.savePlatformTotals(state, {
    challengesCompleted: scores.total_challenges_solved,
    totalScore: scores.total_points,
    categoryPoints: scores.category_points,
    lastAccessedAt: isoOrNull(scores.last_accessed_unix_timestamp),
    monthlyCtfChallenges: await deps.solves.ctfSolvedIn(competitorId, monthOf(dayOf(at, deps.timeZone))),
    readAt: at,
  });
  await deps.totals.clear(due);
  return drift ? 'drift' : 'refreshed';
}

/**
 * Works off parts of `game_platform_totals_sweep`. The flag is cleared only after the totals are stored, and only if
 * it is still the flag that was read; a failed read leaves it for the next sweep.
 */
export function createTotalsWorker(deps: TotalsWorkerDeps): PartWorker {
  return async (job, part, context) => {
    const [states, flags] = await Promise.all([
      deps.syncStates.ofCompetitors(part.subjects),
      deps.totals.ofCompetitors(part.subjects),
    ]);
    const outcome = await eachSubject(
      part.subjects,
      context,
      {
        concurrency: SYNC_CONCURRENCY,
        startWithMs: START_WITH_MS,
        pause: deps.processing.pause,
        hold: deps.processing.hold,
      },
      async (competitorId) => {
        const state = states.get(competitorId);
        const due = flags.get(competitorId);
        if (due === undefined) return 'refreshed';
        if (state === undefined) {
          await deps.totals.clear(due);
          return 'left';
        }
        try {
          const budgetMs = Math.floor(context.remainingMs() - WRITE_RESERVE_MS);
          return await refreshTotals(deps, state, due, job.id, budgetMs, context.log);
        } catch (error) {
          if (!(error instanceof GamePlatformError)) throw error;
          switch (error.code) {
            case 'TOKEN_MISSING':
            case 'TOKEN_REFUSED':
            case 'BUDGET_EXHAUSTED':
              throw error;
            case 'NOT_APPROVED':
              return 'notApproved';
            case 'USER_UNKNOWN':
              return 'userUnknown';
            default:
              return 'failed';
          }
        }
      },
    );
    if (outcome.kind !== 'finished') return outcome;
    const { drift = 0, refreshed = 0, ...others } = outcome.counts;
    const counts = { total: part.subjects.length, failed: 0, ...others, refreshed: refreshed + drift, drift };
    return { kind: 'finished', counts };
  };
}
