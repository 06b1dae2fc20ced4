import type { CompetitorRelatedRecords } from '#shared/competitors/competitor-to-view.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { reasonSentence } from '#shared/score-sync/read-reason.ts';
import { competitorStatsSchema, type SyncState } from '#shared/score-sync/score-records.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { batchGetAll, type Table } from '#shared/table/table.ts';
import { teamSchema } from '#shared/teams/team.ts';

export interface CompetitorRelatedRecordsRepository {
  /** Team, stats and sync state of each, in the order given: one BatchGetItem per 100 keys. */
  readonly of: (competitors: readonly Competitor[]) => Promise<CompetitorRelatedRecords[]>;
}

/** A sync state as the competitor's view shows it. */
export const readingOf = (state: SyncState | undefined): CompetitorRelatedRecords['reading'] =>
  state && {
    lastReadAt: state.lastReadAt,
    lastFailure: state.lastFailure,
    lastRead:
      state.why === undefined ? null : { at: state.why.at, because: reasonSentence(state.why.reason) },
  };

const nameOf = (key: { readonly pk: unknown; readonly sk: unknown }): string =>
  JSON.stringify([key.pk, key.sk]);

export function createCompetitorRelatedRecordsRepository(table: Table): CompetitorRelatedRecordsRepository {
  const syncStates = createSyncStateRepository(table);
  return {
    async of(competitors) {
      const wanted = competitors.flatMap((competitor) => [
        keys.competitorStats(competitor.id),
        keys.syncState(competitor.id),
        ...(competitor.teamId === null ? [] : [keys.team(competitor.teamId)]),
      ]);
      // A key may be asked for once only, and team mates share their team.
      const distinct = new Map(wanted.map((key) => [nameOf(key), key]));
      const rows = new Map(
        (await batchGetAll(table, [...distinct.values()])).map((item) => [
          nameOf({ pk: item['pk'], sk: item['sk'] }),
          item,
        ]),
      );
      const read = competitors.map(({ id }) => rows.get(nameOf(keys.syncState(id))));
      const states = await syncStates.fromRows(read.filter((row) => row !== undefined));
      return competitors.map((competitor) => {
        const stats = rows.get(nameOf(keys.competitorStats(competitor.id)));
        const team = competitor.teamId === null ? undefined : rows.get(nameOf(keys.team(competitor.teamId)));
        return {
          stats: stats === undefined ? undefined : parseRow(competitorStatsSchema, 'stats', stats),
          reading: readingOf(states.get(competitor.id)),
          team: team === undefined ? undefined : parseRow(teamSchema, 'team', team),
        };
      });
    },
  };
}
