import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import type { OdlScores } from '#shared/game-platform/vendor-contract.ts';
import { eachSubject } from '#shared/jobs/each-subject.ts';
import type { PartWorker } from '#shared/jobs/work-part.ts';
import { dayOf, monthOf } from '#shared/kernel/days.ts';
import type { Log } from '#shared/kernel/log.ts';
import type { Observation } from './observation.ts';
import { keptAfter } from './part-observations.ts';
import type { AuditOutcome, CompetitorStats, Sums, SyncState, TotalsDue } from './score-records.ts';
import type { AuditResult } from './solve-audit.ts';
import { mapOdlScores } from './solve-mapping.ts';
import type { SolveRepository } from './solve-repository.ts';
import { auditAnswer, setAside, type SyncCompetitorDeps } from './sync-competitor.ts';
import type { SyncStateRepository } from './sync-state-repository.ts';
import { SYNC_CONCURRENCY, type SyncWorkerDeps } from './sync-worker.ts';

export interface TotalsWorkerDeps extends Pick<
  SyncWorkerDeps,
  'platform' | 'quarantine' | 'processing' | 'concurrency' | 'timeZone' | 'now' | 'newId' | 'newObservations'
> {
  readonly syncStates: Pick<SyncStateRepository, 'byIds' | 'recordLateSolves'>;
  readonly solves: SyncCompetitorDeps['solves'] & {
    readonly statsOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, CompetitorStats>>;
    readonly savePlatformTotals: SolveRepository['savePlatformTotals'];
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
  readonly syncStates: Pick<TotalsWorkerDeps['syncStates'], 'recordLateSolves'>;
  readonly totals: Pick<TotalsWorkerDeps['totals'], 'clear'>;
};

const START_WITH_MS = 5_000;
const WRITE_RESERVE_MS = 3_000;

const isoOrNull = (unix: number | null | undefined): string | null =>
  unix !== null && unix !== undefined && unix > 0 && unix < 4_102_444_800
    ? new Date(unix * 1000).toISOString()
    : null;

/** Null when one of them could not be read. */
const sumsOf = ({ total_challenges_solved: solves, total_points: points }: OdlScores): Sums | null =>
  solves === null || points === null ? null : { solves, points };

const same = (a: Sums, b: Sums): boolean => a.solves === b.solves && a.points === b.points;

/** Whether the platform's totals are what our solves and its unreadable records come to; those have no known points. */
const isExplained = (platform: Sums, { expected, quarantined }: AuditResult): boolean =>
  expected.solves + quarantined === platform.solves &&
  (quarantined > 0 || expected.points === platform.points);

/** What an audit came to, the most important first. */
function auditOutcome(platform: Sums | null, result: AuditResult): AuditOutcome {
  if (result.pending > 0) return 'held';
  if (platform === null) return 'unread';
  if (!isExplained(platform, result)) return 'unexplained';
  if (result.revoked > 0) return 'revoked';
  if (result.corrected > 0) return 'corrected';
  if (result.found + result.restored > 0) return 'healed';
  if (result.kept > 0) return 'kept';
  return result.quarantined > 0 ? 'quarantined' : 'inStep';
}

const keepsFlag = (outcome: AuditOutcome): boolean => outcome === 'held' || outcome === 'unread';

export interface TotalsRun {
  readonly jobId: string;
  readonly budgetMs: number;
  readonly log: Log;
  /** True when the competitor is about to leave a team: what the platform drops with it is then kept. */
  readonly beforeRemoval?: boolean;
  /** Called once what the read observed is recorded. */
  readonly onObservation?: (observation: Observation) => void;
}

/**
 * Reads a competitor's totals and compares them with what is stored. Where solves or points differ, the same answer, a full
 * one, says which solves came late, were corrected or taken back; what then still differs is kept as drift.
 */
export async function refreshTotals(
  deps: TotalsRefreshDeps,
  state: SyncState,
  due: TotalsDue,
  run: TotalsRun,
): Promise<AuditOutcome> {
  const { competitorId } = state;
  const { jobId, log } = run;
  const readAt = deps.now();
  const at = readAt.toISOString();
  const scores = await deps.platform.getOdlScores(state.gamePlatformId, undefined, {
    budgetMs: run.budgetMs,
  });

  const platform = sumsOf(scores);
  const stats = (await deps.solves.statsOf([competitorId])).get(competitorId);
  const before = { solves: stats?.storedOdl ?? 0, points: stats?.storedOdlPoints ?? 0 };
  let outcome: AuditOutcome = platform === null ? 'unread' : 'inStep';
  let stored = before;
  const mapped = mapOdlScores(state, { timeZone: deps.timeZone, readAt: at }, scores);
  // Audited by this job already: its earlier attempt died before it could say what it had found.
  if (platform === null || !same(platform, before) || stats?.auditedBy === jobId) {
    await setAside(deps, state, mapped, readAt);
    const claim = { source: 'odl', mapped, complete: true, jobId } as const;
    const result = await auditAnswer(deps, state, claim, readAt);
    if (result !== null) {
      outcome = auditOutcome(platform, result);
      stored = result.expected;
      if (result.found > 0) {
        // Not new to any later read, so that what they show is recorded now.
        const list = { source: 'odl', readAt, solves: result.solves, added: [] } as const;
        const { observation } = await deps.syncStates.recordLateSolves(state, list);
        if (observation !== undefined) run.onObservation?.(observation);
      }
    }
    if (outcome !== 'inStep') {
      const { solves, points } = stored;
      log.warn('totals differed', {
        competitorId,
        outcome,
        solves,
        points,
        platformSolves: platform?.solves,
      });
    }
  }
  const drifts = outcome === 'unexplained' || outcome === 'held';
  await deps.solves.savePlatformTotals(
    state,
    platform === null
      ? null
      : {
          challengesCompleted: platform.solves,
          totalScore: platform.points,
          categoryPoints: scores.category_points,
          lastAccessedAt: isoOrNull(scores.last_accessed_unix_timestamp),
          monthlyCtfChallenges: await deps.solves.ctfSolvedIn(
            competitorId,
            monthOf(dayOf(at, deps.timeZone)),
          ),
          readAt: at,
        },
    {
      audit: { jobId, mark: due.mark, outcome },
      drift: drifts && platform !== null ? { since: stats?.drift?.since ?? at, platform, stored } : null,
      nothingPending: outcome !== 'held',
      ...(run.beforeRemoval === true ? { leftTeamAt: at } : {}),
    },
  );
  // A withdrawal that waits for its second read keeps its flag, and so do totals that could not be read.
  if (!keepsFlag(outcome)) await deps.totals.clear(due);
  return outcome;
}

/**
 * Processes parts of `game_platform_totals_sweep`. The flag is cleared only after the totals are stored, and only if
 * it is still the flag that was read; a failed read leaves it for the next sweep.
 */
export function createTotalsWorker(deps: TotalsWorkerDeps): PartWorker {
  return async (job, part, context) => {
    const [states, flags, stats] = await Promise.all([
      deps.syncStates.byIds(part.subjects),
      deps.totals.ofCompetitors(part.subjects),
      deps.solves.statsOf(part.subjects),
    ]);
    const observations = deps.newObservations();
    const reads = eachSubject(
      part.subjects,
      context,
      {
        concurrency: (await deps.concurrency?.()) ?? SYNC_CONCURRENCY,
        startWithMs: START_WITH_MS,
        suspension: deps.processing.suspension,
        block: deps.processing.block,
      },
      async (competitorId) => {
        const state = states.get(competitorId);
        const due = flags.get(competitorId);
        const done = stats.get(competitorId)?.audit;
        if (
          done?.jobId === job.id &&
          (due === undefined || due.mark === done.mark || done.outcome === 'held')
        ) {
          if (due?.mark === done.mark && !keepsFlag(done.outcome)) await deps.totals.clear(due);
          return done.outcome;
        }
        // Another job read them since this one was planned.
        if (due === undefined) return 'notDue';
        if (state === undefined) {
          await deps.totals.clear(due);
          return 'left';
        }
        try {
          const budgetMs = Math.floor(context.remainingMs() - WRITE_RESERVE_MS);
          const onObservation = (observation: Observation) => observations.record(observation);
          return await refreshTotals(deps, state, due, {
            jobId: job.id,
            budgetMs,
            log: context.log,
            onObservation,
          });
        } catch (error) {
          if (!(error instanceof GamePlatformError) || error.waits) throw error;
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
    const outcome = await keptAfter(observations, context.log, reads);
    if (outcome.kind !== 'finished') return outcome;
    const counts = { total: part.subjects.length, inStep: 0, failed: 0, ...outcome.counts };
    return { kind: 'finished', counts };
  };
}
