import type * as z from 'zod';
import { competitorSchema } from '#shared/competitors/competitor.ts';
import { addDays } from '#shared/kernel/days.ts';
import {
  competitorDaySchema,
  competitorStatsSchema,
  flashResultSchema,
  isStanding,
  solveSchema,
} from '#shared/score-sync/score-records.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { indexKeys, INDEXES } from '#shared/table/keys.ts';
import { queryAll, type Table } from '#shared/table/table.ts';
import { teamSchema } from '#shared/teams/team.ts';
import type { CoachFacts } from './facts.ts';

export interface FactsRange {
  /** First and last day of the rows per day, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  /** Flash CTFs that began at this instant or later, ISO 8601. */
  readonly eventsSince: string;
  /** Solves that happened at this instant or later, ISO 8601. */
  readonly solvesSince: string;
}

/** Sorts behind every continuation of a prefix: index sort keys are ASCII. */
const LAST = '~';

export interface DashboardRepository {
  /** Everything one dashboard shows of a coach: cost grows with the coach's people, never with the program. */
  factsOfCoach(coachId: string, range: FactsRange): Promise<CoachFacts>;
}

export function createDashboardRepository(table: Table): DashboardRepository {
  const syncStates = createSyncStateRepository(table);

  /** Rows of one index partition between two sort keys, parsed; a row of an older shape is an error, not a gap. */
  async function rowsBetween<S extends z.ZodType>(
    index: (typeof INDEXES)[keyof typeof INDEXES],
    partition: string,
    [first, last]: readonly [string, string],
    schema: S,
  ): Promise<z.infer<S>[]> {
    const rows: z.infer<S>[] = [];
    const query = queryAll(table, {
      IndexName: index.name,
      KeyConditionExpression: '#pk = :pk and #sk between :first and :last',
      ExpressionAttributeNames: { '#pk': index.partitionKey, '#sk': index.sortKey },
      ExpressionAttributeValues: { ':pk': partition, ':first': first, ':last': last },
    });
    for await (const item of query) rows.push(schema.parse(item));
    return rows;
  }

  return {
    async factsOfCoach(coachId, range) {
      const coach = indexKeys.teamOfCoach(coachId, '').gsi1pk;
      const prefix = (text: string) => [text, text + LAST] as const;
      const [competitors, teams, stats, days, flashResults, solves] = await Promise.all([
        rowsBetween(INDEXES.gsi1, coach, prefix('COMP#'), competitorSchema),
        rowsBetween(INDEXES.gsi1, coach, prefix('TEAM#'), teamSchema),
        rowsBetween(INDEXES.gsi1, coach, prefix('STATS#'), competitorStatsSchema),
        rowsBetween(
          INDEXES.gsi1,
          coach,
          [`DAY#${range.from}`, `DAY#${addDays(range.to, 1)}`],
          competitorDaySchema,
        ),
        rowsBetween(INDEXES.gsi1, coach, [`FLASH#${range.eventsSince}`, `FLASH#${LAST}`], flashResultSchema),
        rowsBetween(
          INDEXES.gsi2,
          indexKeys.solveOfCoach(coachId, '', '').gsi2pk,
          [range.solvesSince, LAST],
          solveSchema,
        ),
      ]);
      const registered = competitors.filter((competitor) => competitor.gamePlatformId !== null);
      const states = await syncStates.byIds(registered.map((competitor) => competitor.id));
      return {
        competitors,
        teams,
        stats,
        days,
        flashResults,
        syncStates: [...states.values()],
        solvesStoredAt: solves.filter(isStanding).map((solve) => solve.storedAt),
      };
    },
  };
}
