import { createAlertRepository } from '#shared/alerts/alert-repository.ts';
import * as z from 'zod';
import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import { competitorSchema, type Competitor } from '#shared/competitors/competitor.ts';
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
import { queryAll, queryPage, type Table } from '#shared/table/table.ts';
import { rosterEntrySchema } from '#shared/teams/rosters/roster-entry.ts';
import { teamSchema } from '#shared/teams/team.ts';
import type { CoachFacts, FreshnessFacts, PresentFacts } from './facts.ts';

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

/** Changes of teams counted for one dashboard: some 150 KB. A longer past is cut, and said so. */
const MOST_TEAM_EDITS = 1_000;

/** Of a solve, all that its place on the rail needs. */
const storedSolveSchema = solveSchema.pick({ competitorId: true, storedAt: true, revokedAt: true });

/** Sorts behind every continuation of a prefix: index sort keys are ASCII. */
const LAST = '~';

export interface DashboardRepository {
  /** Everything one dashboard shows of a coach: cost grows with the coach's people, never with the program. */
  factsOfCoach(coachId: string, range: FactsRange): Promise<CoachFacts>;
  /** The part of it that has no period. */
  presentOfCoach(coachId: string): Promise<PresentFacts>;
  /** The part of it that tells how old the scores are. */
  freshnessFactsOfCoach(coachId: string, solvesSince: string): Promise<FreshnessFacts>;
  /**
   * Solves from one instant to another (ISO 8601), oldest first, at most so many after a position; those taken back are
   * among them. `last`: where the next page goes on, null after the last one.
   */
  solvesOfCoach(
    coachId: string,
    within: { readonly from: string; readonly to: string },
    page: { readonly limit: number; readonly after: SolvePosition | null },
  ): Promise<{ readonly solves: readonly Solve[]; readonly last: SolvePosition | null }>;
}

/** The keys of a solve: two of one person can have the same time. */
export const solvePositionSchema = z.object({
  pk: z.string(),
  sk: z.string(),
  gsi2pk: z.string(),
  gsi2sk: z.string(),
});
type SolvePosition = z.infer<typeof solvePositionSchema>;

const ofCoach = (coachId: string) => equals('gsi1pk', indexKeys.teamOfCoach(coachId, '').gsi1pk);

export function createDashboardRepository(table: Table): DashboardRepository {
  const syncStates = createSyncStateRepository(table);
  const activity = createActivityRepository(table);
  const alerts = createAlertRepository(table);

  /**
   * Rows of an index between two sort keys, parsed; a row of an older shape is an error, not a gap. Their own fields
   * alone are asked for: the keys of table and indexes are a third of a small row, to be carried and read for nothing.
   */
  async function rowsOf<S extends z.ZodObject>(
    schema: S,
    wanted: (fields: readonly string[]) => ReturnType<typeof query>,
  ): Promise<z.infer<S>[]> {
    const rows: z.infer<S>[] = [];
    for await (const item of queryAll(table, wanted(schema.keyof().options))) rows.push(schema.parse(item));
    return rows;
  }

  /** A coach's rows from one sort key to another. */
  const rowsOfCoach = <S extends z.ZodObject>(coachId: string, schema: S, from: string, to: string) =>
    rowsOf(schema, (fields) => query(ofCoach(coachId), between('gsi1sk', from, to), { fields }));
  const rowsWith = <S extends z.ZodObject>(coachId: string, prefix: string, schema: S) =>
    rowsOfCoach(coachId, schema, prefix, prefix + LAST);

  /** The coach's people, and how far those are read who have an account. */
  async function peopleOf(coachId: string): Promise<Pick<PresentFacts, 'competitors' | 'syncStates'>> {
    const competitors = await rowsWith(coachId, 'COMP#', competitorSchema);
    const registered = competitors.filter(({ gamePlatformId }) => gamePlatformId !== null);
    const states = await syncStates.byIds(registered.map(({ id }) => id));
    return { competitors, syncStates: [...states.values()] };
  }

  async function presentOfCoach(coachId: string): Promise<PresentFacts> {
    const [people, teams, stats, rosters, alertRecords] = await Promise.all([
      peopleOf(coachId),
      rowsWith(coachId, 'TEAM#', teamSchema),
      rowsWith(coachId, 'STATS#', competitorStatsSchema),
      rowsWith(coachId, 'ROSTER#', rosterEntrySchema),
      alerts.ofCoach(coachId),
    ]);
    return { ...people, teams, stats, rosters, alertRecords };
  }

  /** When solves of this instant on were stored, of those people who are not on hold. */
  async function storedSince(coachId: string, since: string) {
    const { gsi2pk } = indexKeys.solveOfCoach(coachId, '', '');
    const solves = await rowsOf(storedSolveSchema, (fields) =>
      query(equals('gsi2pk', gsi2pk), between('gsi2sk', since, LAST), { fields }),
    );
    return (people: readonly Competitor[]): string[] => {
      const onHoldIds = new Set(people.filter((one) => onHold(one) !== null).map(({ id }) => id));
      return solves
        .filter((solve) => isStanding(solve) && !onHoldIds.has(solve.competitorId))
        .map((solve) => solve.storedAt);
    };
  }

  return {
    async factsOfCoach(coachId, range) {
      const [present, days, flashResults, storedAt, edits] = await Promise.all([
        presentOfCoach(coachId),
        rowsOfCoach(coachId, competitorDaySchema, `DAY#${range.from}`, `DAY#${addDays(range.to, 1)}`),
        rowsOfCoach(coachId, flashResultSchema, `FLASH#${range.eventsSince}`, `FLASH#${LAST}`),
        storedSince(coachId, range.solvesSince),
        activity.teamEditsOf(coachId, { limit: MOST_TEAM_EDITS, within: range.editsWithin }),
      ]);
      return {
        ...present,
        days,
        flashResults,
        teamEdits: edits.items,
        teamEditsSince: edits.more ? (edits.items.at(-1)?.at ?? null) : null,
        solvesStoredAt: storedAt(present.competitors),
      };
    },

    presentOfCoach,

    async freshnessFactsOfCoach(coachId, solvesSince) {
      const [people, storedAt] = await Promise.all([peopleOf(coachId), storedSince(coachId, solvesSince)]);
      return { ...people, solvesStoredAt: storedAt(people.competitors) };
    },

    async solvesOfCoach(coachId, { from, to }, { limit, after }) {
      const { gsi2pk } = indexKeys.solveOfCoach(coachId, '', '');
      const rows = await queryPage(table, query(equals('gsi2pk', gsi2pk), between('gsi2sk', from, to)), {
        limit,
        after: after ?? undefined,
      });
      return {
        solves: rows.map((row) => solveSchema.parse(row)),
        last: rows.length === limit ? solvePositionSchema.parse(rows.at(-1)) : null,
      };
    },
  };
}
