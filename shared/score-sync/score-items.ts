import type { Competitor } from '#shared/competitors/competitor.ts';
import { isRead } from '#shared/competitors/consent.ts';
import { indexKeys, keys } from '#shared/table/keys.ts';
import type { Table, TransactItem } from '#shared/table/table.ts';
import {
  isStanding,
  firstSyncState,
  type CompetitorDay,
  type CompetitorStats,
  type FlashEvent,
  type FlashResult,
  type Solve,
  type SolveHistory,
  type SyncState,
  type TotalsDue,
} from './score-records.ts';
import { solveKey } from './solve-mapping.ts';

/** Score records as items of the table: keys, index keys, type, record. */

/** A revoked solve is in no index. */
export const solveItem = (solve: Solve) => ({
  ...keys.solve(solve.competitorId, solve.source, solve.eventId, solve.solveId),
  ...(isStanding(solve) ? indexKeys.solveOfCoach(solve.coachId, solve.solvedAt, solve.competitorId) : {}),
  type: 'solve',
  ...solve,
});

export const solveHistoryItem = (history: SolveHistory) => ({
  ...keys.solveHistory(history.competitorId, history.at, solveKey(history), history.kind),
  type: 'solve_history',
  ...history,
});

export const statsItem = (stats: CompetitorStats) => ({
  ...keys.competitorStats(stats.competitorId),
  ...indexKeys.statsOfCoach(stats.coachId, stats.competitorId),
  type: 'stats',
  ...stats,
});

export const dayItem = (day: CompetitorDay) => ({
  ...keys.competitorDay(day.competitorId, day.day),
  ...indexKeys.dayOfCoach(day.coachId, day.day, day.competitorId),
  type: 'day',
  ...day,
});

export const flashResultItem = (result: FlashResult) => ({
  ...keys.flashResult(result.competitorId, result.eventId),
  ...indexKeys.flashResultOfCoach(result.coachId, result.startsAt, result.eventId, result.competitorId),
  type: 'flash_result',
  ...result,
});

export const flashEventItem = (event: FlashEvent) => ({
  ...keys.flashEvent(event.eventId),
  type: 'flash_event',
  ...event,
});

export const syncStateItem = (state: SyncState) => ({
  ...keys.syncState(state.competitorId),
  type: 'sync_state',
  ...state,
});

export const totalsDueItem = (due: TotalsDue) => ({
  ...keys.totalsDue(due.competitorId),
  type: 'totals_due',
  ...due,
});

/**
 * What has to be written with a competitor who was read and is no longer, or is again (see `isRead`): the sync state
 * goes, and restarts (solves that are stored already are known by their keys). Every read, of rounds, sweeps and Flash
 * CTFs, begins with that row.
 */
export function readingChange(table: Table, before: Competitor, after: Competitor): TransactItem[] {
  const { id: competitorId, coachId, updatedAt } = after;
  if (isRead(before) === isRead(after)) return [];
  if (!isRead(after)) return [{ Delete: { TableName: table.name, Key: keys.syncState(competitorId) } }];
  const { gamePlatformId } = after;
  return startReading(table, { competitorId, coachId, gamePlatformId }, `activated#${updatedAt}`);
}

/** The first sync state, and the mark that totals are to be read. */
function startReading(
  table: Table,
  subject: { readonly competitorId: string; readonly coachId: string; readonly gamePlatformId: string },
  mark: string,
): TransactItem[] {
  const { competitorId, coachId } = subject;
  return [
    { Put: { TableName: table.name, Item: syncStateItem({ ...firstSyncState(subject), readBefore: true }) } },
    { Put: { TableName: table.name, Item: totalsDueItem({ competitorId, coachId, mark }) } },
  ];
}
