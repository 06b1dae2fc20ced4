import type { Competitor } from '#shared/competitors/competitor.ts';
import { keys } from '#shared/table/keys.ts';
import type { Table, TransactItem } from '#shared/table/table.ts';
import { firstSyncState } from './first-sync-state.ts';
import { syncStateItem, totalsDueItem } from './score-items.ts';

/**
 * What has to be written with a competitor whose `active` changed, so that only active people are read: the sync state
 * goes with a deactivation, and begins anew with an activation (solves that are stored already are known by their
 * keys). Nothing for people without an account.
 */
export function readingChange(table: Table, before: Competitor, after: Competitor): TransactItem[] {
  const { id: competitorId, coachId, gamePlatformId, active, updatedAt } = after;
  if (gamePlatformId === null || before.active === active) return [];
  if (!active) return [{ Delete: { TableName: table.name, Key: keys.syncState(competitorId) } }];
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
