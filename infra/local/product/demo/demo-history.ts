import type { Competitor } from '#shared/competitors/competitor.ts';
import type { FlashCtfProgress, OdlScores } from '#shared/game-platform/vendor-contract.ts';
import { addToDay, addToStats, counterDeltas, emptyStats } from '#shared/score-sync/counters.ts';
import type {
  CompetitorDay,
  CompetitorStats,
  FlashEvent,
  FlashResult,
  Solve,
  SyncState,
} from '#shared/score-sync/score-records.ts';
import { mapFlashProgress, mapOdlScores } from '#shared/score-sync/solve-mapping.ts';

/** How often the product reads scores; the history looks as if it had. */
export const READ_EVERY_MS = 30 * 60_000;

export interface CompetitorHistory {
  readonly solves: readonly Solve[];
  readonly stats: CompetitorStats;
  readonly days: readonly CompetitorDay[];
  readonly flashResults: readonly FlashResult[];
  readonly flashEvents: readonly FlashEvent[];
  readonly syncState: SyncState;
}

/** The planned read that would have found a solve: the next half hour. */
const foundAt = (solvedAt: string): number => Math.ceil(Date.parse(solvedAt) / READ_EVERY_MS) * READ_EVERY_MS;

/**
 * What three months of reading one competitor would have left in the table, made by the product's own mapping and
 * counters. Solves that the next read will find are left to it.
 *
 * @param lastRead the last planned read before now
 */
export function historyOf(
  competitor: Competitor,
  answers: { readonly odl: OdlScores; readonly flash: FlashCtfProgress },
  lastRead: Date,
  timeZone: string,
): CompetitorHistory {
  const subject = { competitorId: competitor.id, coachId: competitor.coachId };
  const readAt = lastRead.toISOString();
  const context = { timeZone, readAt };
  const odl = mapOdlScores(subject, context, answers.odl);
  const flash = mapFlashProgress(subject, context, answers.flash);
  const solves: Solve[] = [];
  for (const solve of [...odl.solves, ...flash.solves]) {
    const storedAt = foundAt(solve.solvedAt);
    if (storedAt <= lastRead.getTime()) solves.push({ ...solve, storedAt: new Date(storedAt).toISOString() });
  }
  const deltas = counterDeltas(solves);
  const newestOdl = solves
    .filter((solve) => solve.source === 'odl')
    .reduce((newest, solve) => Math.max(newest, Date.parse(solve.solvedAt) / 1_000), 0);
  const stats = emptyStats(subject);
  const lastAccessed = answers.odl.last_accessed_unix_timestamp ?? 0;
  return {
    solves,
    stats: {
      ...(deltas === null ? stats : addToStats(stats, deltas.stats)),
      platform: {
        challengesCompleted: answers.odl.total_challenges_solved ?? 0,
        totalScore: answers.odl.total_points ?? 0,
        categoryPoints: answers.odl.category_points,
        lastAccessedAt: lastAccessed > 0 ? new Date(lastAccessed * 1_000).toISOString() : null,
        monthlyCtfChallenges: solves.filter(
          ({ source, day }) => source === 'ctf' && day.slice(0, 7) === readAt.slice(0, 7),
        ).length,
        readAt,
      },
    },
    days:
      deltas === null ? [] : [...deltas.days].map(([day, delta]) => addToDay(subject, day, undefined, delta)),
    flashResults: flash.results.filter((result) => Date.parse(result.startsAt) <= lastRead.getTime()),
    flashEvents: flash.events,
    syncState: {
      ...subject,
      gamePlatformId: competitor.id,
      cursorUnix: newestOdl,
      lastReadAt: readAt,
      lastFlashReadAt: readAt,
      lastFailure: null,
    },
  };
}
