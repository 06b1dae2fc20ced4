import { createAlertRepository } from '#shared/alerts/alert-repository.ts';
import type * as z from 'zod';
import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import type { Activity } from '#shared/audit/activity.ts';
import { competitorSchema } from '#shared/competitors/competitor.ts';
import { onHold } from '#shared/competitors/consent.ts';
import { addDays } from '#shared/kernel/days.ts';
import {
  competitorDaySchema,
  competitorStatsSchema,
  flashResultSchema,
  isStanding,
  solveSchema,
  type Solve,
} from '#shared/score-sync/score-records.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { between, equals, query } from '#shared/table/expressions.ts';
import { indexKeys } from '#shared/table/keys.ts';
import { queryAll, type Table } from '#shared/table/table.ts';
import { rosterEntrySchema } from '#shared/teams/rosters/roster-entry.ts';
import { teamSchema } from '#shared/teams/team.ts';
import type { CoachFacts, TeamEdit } from './facts.ts';

export interface FactsRange {
  /** First and last day of the rows per day, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  /** Flash CTFs that began at this instant or later, ISO 8601. */
  readonly eventsSince: string;
  /** Solves that happened at this instant or later, ISO 8601. */
  readonly solvesSince: string;
  /** What happened to teams from this instant on and before that one, ISO 8601. */
  readonly editsWithin: { readonly from: string; readonly to: string };
}

const TEAM_EDITS: ReadonlySet<Activity['kind']> = new Set([
  'team_created',
  'team_changed',
  'team_deleted',
  'team_recreated',
  'member_added',
  'member_moved',
  'member_removed',
]);
/** Rows of activity read for one dashboard, most of them about solves: some 400 KB. A longer past is cut, and said so. */
const MOST_ACTIVITY = 1_000;

/** Sorts behind every continuation of a prefix: index sort keys are ASCII. */
const LAST = '~';

export interface DashboardRepository {
  /** Everything one dashboard shows of a coach: cost grows with the coach's people, never with the program. */
  factsOfCoach(coachId: string, range: FactsRange): Promise<CoachFacts>;
  /** Solves from one instant to another (ISO 8601), oldest first, at most so many; those taken back are among them. */
  solvesOfCoach(
    coachId: string,
    within: { readonly from: string; readonly to: string },
    most: number,
  ): Promise<Solve[]>;
}

export function createDashboardRepository(table: Table): DashboardRepository {
  const syncStates = createSyncStateRepository(table);
  const activity = createActivityRepository(table);
  const alerts = createAlertRepository(table);

  async function teamEditsOf(
    coachId: string,
    within: FactsRange['editsWithin'],
  ): Promise<Pick<CoachFacts, 'teamEdits' | 'teamEditsSince'>> {
    const { items, next } = await activity.ofCoach(coachId, { limit: MOST_ACTIVITY, within });
    return {
      teamEdits: items
        .filter(({ kind }) => TEAM_EDITS.has(kind))
        .map(({ at, competitorId, details: { teamId } }): TeamEdit => ({
          at,
          competitorId,
          teamId: typeof teamId === 'string' ? teamId : null,
        })),
      teamEditsSince: next === null ? null : (items.at(-1)?.at ?? null),
    };
  }

  /** Rows of an index, parsed; a row of an older shape is an error, not a gap. */
  async function rowsOf<S extends z.ZodType>(
    wanted: ReturnType<typeof query>,
    schema: S,
  ): Promise<z.infer<S>[]> {
    const rows: z.infer<S>[] = [];
    for await (const item of queryAll(table, wanted)) rows.push(schema.parse(item));
    return rows;
  }

  return {
    async factsOfCoach(coachId, range) {
      const coach = equals('gsi1pk', indexKeys.teamOfCoach(coachId, '').gsi1pk);
      const prefix = (text: string) => query(coach, between('gsi1sk', text, text + LAST));
      const [competitors, teams, stats, days, flashResults, solves, rosters, edits, alertRecords] =
        await Promise.all([
          rowsOf(prefix('COMP#'), competitorSchema),
          rowsOf(prefix('TEAM#'), teamSchema),
          rowsOf(prefix('STATS#'), competitorStatsSchema),
          rowsOf(
            query(coach, between('gsi1sk', `DAY#${range.from}`, `DAY#${addDays(range.to, 1)}`)),
            competitorDaySchema,
          ),
          rowsOf(
            query(coach, between('gsi1sk', `FLASH#${range.eventsSince}`, `FLASH#${LAST}`)),
            flashResultSchema,
          ),
          rowsOf(
            query(
              equals('gsi2pk', indexKeys.solveOfCoach(coachId, '', '').gsi2pk),
              between('gsi2sk', range.solvesSince, LAST),
            ),
            solveSchema,
          ),
          rowsOf(prefix('ROSTER#'), rosterEntrySchema),
          teamEditsOf(coachId, range.editsWithin),
          alerts.ofCoach(coachId),
        ]);
      const registered = competitors.filter((competitor) => competitor.gamePlatformId !== null);
      const onHoldIds = new Set(competitors.filter((one) => onHold(one) !== null).map(({ id }) => id));
      const states = await syncStates.byIds(registered.map((competitor) => competitor.id));
      return {
        competitors,
        teams,
        stats,
        days,
        flashResults,
        rosters,
        ...edits,
        syncStates: [...states.values()],
        solvesStoredAt: solves
          .filter((solve) => isStanding(solve) && !onHoldIds.has(solve.competitorId))
          .map((solve) => solve.storedAt),
        alertRecords,
      };
    },

    async solvesOfCoach(coachId, { from, to }, most) {
      const { gsi2pk } = indexKeys.solveOfCoach(coachId, '', '');
      const solves: Solve[] = [];
      for await (const item of queryAll(
        table,
        query(equals('gsi2pk', gsi2pk), between('gsi2sk', from, to)),
      )) {
        if (solves.length === most) break;
        solves.push(solveSchema.parse(item));
      }
      return solves;
    },
  };
}
