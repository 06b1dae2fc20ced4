import type { Competitor } from '../competitors/competitor.ts';
import { GamePlatformError } from '../game-platform/game-platform-error.ts';
import type { FlashEvent, SyncState } from '../score-sync/score-records.ts';
import { syncCompetitor, type SyncCompetitorDeps } from '../score-sync/sync-competitor.ts';
import { refreshTotals, type TotalsRefreshDeps } from '../score-sync/totals-worker.ts';
import type { Log } from '../observability/log.ts';

export interface ReadBeforeRemovalDeps extends SyncCompetitorDeps, Omit<TotalsRefreshDeps, 'platform'> {
  readonly solves: TotalsRefreshDeps['solves'];
  readonly syncStates: SyncCompetitorDeps['syncStates'] & {
    readonly ofCompetitors: (ids: readonly string[]) => Promise<ReadonlyMap<string, SyncState>>;
  };
  readonly flash: SyncCompetitorDeps['flash'] & { readonly events: () => Promise<readonly FlashEvent[]> };
  readonly log: Log;
}

/**
 * Reads all solves and the totals of somebody who is about to leave a team: what the platform drops with the team is
 * then stored here. Rejects with the platform's error when it could not be read; somebody the platform shows no scores
 * of has none to lose.
 */
export function createReadBeforeRemoval(
  deps: ReadBeforeRemovalDeps,
): (competitor: Pick<Competitor, 'id'>, budgetMs: number) => Promise<void> {
  return async ({ id }, budgetMs) => {
    const state = (await deps.syncStates.ofCompetitors([id])).get(id);
    if (state === undefined) return;
    const events = new Map((await deps.flash.events()).map((event) => [event.eventId, event]));
    const since = deps.now().toISOString();
    const deadline = deps.now().getTime() + budgetMs;
    const left = () => Math.max(0, deadline - deps.now().getTime());
    const runId = `removal-${id}-${since}`;
    const outcome = await syncCompetitor(deps, state, {
      jobId: runId,
      since,
      full: true,
      readFlash: true,
      events,
      call: { budgetMs: left() },
    });
    if (outcome === 'not_approved' || outcome === 'user_unknown') return;
    if (outcome === 'failed') {
      throw new GamePlatformError(null, 'UNAVAILABLE', 'The scores could not be read before the removal.', {
        endpoint: 'getOdlScores',
        attempts: 1,
        synedUserId: state.gamePlatformId,
      });
    }
    // Clears no flag but its own, so that a sweep that is due stays due.
    const due = { competitorId: id, coachId: state.coachId, mark: runId };
    await refreshTotals(deps, state, due, runId, left(), deps.log);
  };
}
