import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createListCompetitors } from '#shared/competitors/list-competitors.ts';
import { createRosterFile } from '#shared/competitors/roster-file.ts';
import { createDashboardRepository, type FactsRange } from '#shared/dashboard/dashboard-repository.ts';
import { createExport } from '#shared/dashboard/exports.ts';
import { periodOf } from '#shared/dashboard/period.ts';
import type { ExportWorkerDeps } from '#shared/exports/export-worker.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { dayOf } from '#shared/kernel/days.ts';
import { OwnError } from '#shared/kernel/errors.ts';
import type { Table } from '#shared/table/table.ts';
import { createCompetitorRelatedRecordsRepository } from './related-records-repository.ts';

/** The rows of every file, on the table: the same that the API answers where one answer holds them. */
export function createDynamoExportSources({
  table,
  timeZone,
  slaHours,
  inactiveDays,
  now,
}: {
  readonly table: Table;
  readonly timeZone: string;
  readonly slaHours: () => Promise<number>;
  readonly inactiveDays: () => Promise<number>;
  readonly now: Clock;
}): ExportWorkerDeps['sourceOf'] {
  const { coaches } = createIdentityRepository(table);
  const competitors = createCompetitorRepository(table);
  const facts = createDashboardRepository(table);
  const programDay = (iso: string) => dayOf(iso, timeZone);
  const roster = {
    list: createListCompetitors({ pageOfCoach: competitors.pageOfCoach, coachPage: coaches.page }),
    relatedRecordsOf: createCompetitorRelatedRecordsRepository(table).of,
    slaHours,
    inactiveDays,
    now,
    timeZone,
  };
  const dashboard = {
    coachById: async (coachId: string) => (await coaches.byId(coachId)) ?? null,
    allCoaches: coaches.all,
    factsOfCoach: (coachId: string, range: FactsRange) => facts.factsOfCoach(coachId, range),
    freshnessFactsOfCoach: (coachId: string, since: string) => facts.freshnessFactsOfCoach(coachId, since),
    solvesOfCoach: (...page: Parameters<typeof facts.solvesOfCoach>) => facts.solvesOfCoach(...page),
    slaHours,
    now,
    timeZone,
    dayOf: programDay,
  };

  return async (payload, scratch) => {
    const { coachId, division } = payload;
    if (payload.file === 'roster') {
      const { status, teamId, grade } = payload;
      return createRosterFile(roster, {
        scope: { coachId },
        status: status ?? undefined,
        teamId: teamId ?? undefined,
        division: division ?? undefined,
        grade: grade ?? undefined,
      });
    }
    const period = periodOf({ from: payload.from, to: payload.to }, programDay(now().toISOString()));
    if ('message' in period) throw new OwnError(`The days of the file cannot be: ${period.message}`);
    return createExport(dashboard, payload.file, { coachId, division, period }, scratch);
  };
}
