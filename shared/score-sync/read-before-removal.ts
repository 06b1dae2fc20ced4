import type { Competitor } from '#shared/competitors/competitor.ts';
import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import type { Log } from '#shared/kernel/log.ts';
import { firstSyncState, type FlashEvent, type SyncState } from './score-records.ts';
import { syncCompetitor, type SyncCompetitorDeps } from './sync-competitor.ts';
import type { SyncStateRepository } from './sync-state-repository.ts';
import { refreshTotals, type TotalsRefreshDeps } from './totals-worker.ts';

export interface ReadBeforeRemovalDeps extends SyncCompetitorDeps, Omit<TotalsRefreshDeps, 'platform'> {
  readonly solves: TotalsRefreshDeps['solves'];
  readonly syncStates: Pick<SyncStateRepository, 'byIds' | 'recordRead' | 'recordLateSolves'>;
  readonly flash: SyncCompetitorDeps['flash'] & { readonly events: () => Promise<readonly FlashEvent[]> };
  readonly log: Log;
}

/**
 * Reads all solves and the totals of a competitor who is about to leave a team: what the platform drops with the team is
 * then stored here; with `final` of somebody who is not read any more, too. The caller keeps others from the competitor meanwhile. Rejects with the platform's error when it could not be read; a competitor the platform shows no scores
 * of has none to lose.
 */
export function createReadBeforeRemoval(
  deps: ReadBeforeRemovalDeps,
): (
  competitor: Pick<Competitor, 'id' | 'coachId' | 'gamePlatformId'>,
  budgetMs: number,
  final?: boolean,
) => Promise<void> {
  return async ({ id, coachId, gamePlatformId }, budgetMs, final = false) => {
    const known = (await deps.syncStates.byIds([id])).get(id);
    const state =
      known === undefined && final && gamePlatformId !== null
        ? { ...firstSyncState({ competitorId: id, coachId, gamePlatformId }), readBefore: true }
        : known;
    if (state === undefined) return;
    const runId = `removal-${id}-${deps.now().toISOString()}`;
    await readAll(deps, state, runId, budgetMs);
  };
}

async function readAll(
  deps: ReadBeforeRemovalDeps,
  state: SyncState,
  runId: string,
  budgetMs: number,
): Promise<void> {
  const events = new Map((await deps.flash.events()).map((event) => [event.eventId, event]));
  const since = deps.now().toISOString();
  const deadline = deps.now().getTime() + budgetMs;
  const left = () => Math.max(0, deadline - deps.now().getTime());
  const { outcome } = await syncCompetitor(deps, state, {
    jobId: runId,
    since,
    full: true,
    read: 'both',
    events,
    reason: 'removal',
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
  const due = { competitorId: state.competitorId, coachId: state.coachId, mark: runId };
  const totalsRun = { jobId: runId, budgetMs: left(), log: deps.log, beforeRemoval: true };
  await refreshTotals(deps, state, due, totalsRun);
}
