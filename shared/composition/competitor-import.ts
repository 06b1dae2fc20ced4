import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import type { AuditEvents } from '#shared/competitors/competitor-changes.ts';
import {
  CompetitorChangedError,
  createCompetitorRepository,
} from '#shared/competitors/competitor-repository.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { createCreateCompetitor } from '#shared/competitors/create-competitor.ts';
import { createImportRepository } from '#shared/competitors/import/import-repository.ts';
import type { ImportWorkerDeps } from '#shared/competitors/import/import-worker.ts';
import { erasedMeanwhile, notErased } from '#shared/competitors/privacy/erasure-repository.ts';
import { createUpdateCompetitor } from '#shared/competitors/update-competitor.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { createCachedSeasonStart } from '#shared/settings/cached-settings.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { chunks } from '#shared/kernel/at-once.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { notFound, DomainError } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import {
  transactIfStill,
  TransactionRefusedError,
  type Table,
  type TransactItem,
} from '#shared/table/table.ts';
import { MOST_ADDED_AT_ONCE } from '#shared/teams/change-membership.ts';
import type { RosterWakeUp } from '#shared/teams/rosters/roster-entry.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import { createDynamoCompetitorChange } from './competitor-change.ts';
import { createDynamoTeams } from './teams.ts';

/** Another writer was first: read again and repeat, a few times. */
const CHANGE_ATTEMPTS = 4;

/** What the import's worker needs, on the table. Each record and its audit events are written in one transaction. */
export function createDynamoImport(options: {
  readonly table: Table;
  readonly wakeUpRosters: (wakeUps: readonly RosterWakeUp[]) => Promise<void>;
  readonly today: () => string;
  readonly now: Clock;
  readonly newId: NewId;
}): ImportWorkerDeps {
  const { table, wakeUpRosters, today, now, newId } = options;
  const competitors = createCompetitorRepository(table);
  const activity = createActivityRepository(table);
  const audit = createAuditRepository(table);
  const imports = createImportRepository(table);
  const jobs = createJobRepository(table);
  const teams = createTeamRepository(table);
  const { coaches } = createIdentityRepository(table);
  const membersOf = createDynamoTeams({ table, competitors, teams, now, newId }).members;
  const byId = (id: string) => competitors.byId(id, { consistent: true });
  const traceItems = async (auditEvents: AuditEvents) => [
    await activity.appendTransaction(auditEvents.activity),
    await audit.appendTransaction(auditEvents.audit),
  ];
  const seasonStart = createCachedSeasonStart({ settings: createSettingsRepository(table), now });
  const update = createUpdateCompetitor({
    byId,
    update: createDynamoCompetitorChange(table),
    today,
    seasonStart,
    now,
    newId,
  });
  return {
    upload: (importId) => imports.byId(importId, now()),
    confirmDigest: imports.confirmDigest,
    ofCoach: competitors.ofCoach,
    rowsOf: (jobId, subjects) => jobs.rowsOf(jobId, subjects),
    saveRows: (jobId, rows) => jobs.saveRows(jobId, rows),
    teamsOfCoach: teams.ofCoach,

    async create(people, coachId, actor) {
      const made: { readonly competitor: Competitor; readonly items: readonly TransactItem[] }[] = [];
      for (const { id, input } of people) {
        const create = createCreateCompetitor({
          create: async (competitor, auditEvents) => {
            made.push({ competitor, items: await traceItems(auditEvents) });
          },
          today,
          seasonStart,
          now,
          newId: (prefix) => (prefix === 'cmp' ? id : newId(prefix)),
        });
        await create(coachId, input, actor);
      }
      const together = await transactIfStill(
        table,
        made.flatMap(({ competitor, items }) => [
          ...competitors.createItems(competitor),
          ...items,
          notErased(table, competitor.id),
        ]),
      );
      const erased = new Set<string>();
      if (together) return erased;
      // One of them was erased, or added by an earlier try of ours, whose end nobody saw: one by one.
      for (const { competitor, items } of made) {
        try {
          await competitors.create(competitor, items);
        } catch (error) {
          if (erasedMeanwhile(error)) erased.add(competitor.id);
          else if (!(error instanceof CompetitorChangedError)) throw error;
        }
      }
      return erased;
    },

    async createTeam({ id, name, division }, coachId, actor) {
      const coach = await coaches.byId(coachId);
      if (coach === undefined) throw notFound();
      const { edit } = createDynamoTeams({
        table,
        competitors,
        teams,
        now,
        newId: (prefix) => (prefix === 'team' ? id : newId(prefix)),
      });
      try {
        await edit.create(coachId, { name, division, affiliation: coach.school }, actor);
      } catch (error) {
        // The id is taken: made before.
        if (error instanceof TransactionRefusedError) return;
        throw error;
      }
      await wakeUpRosters([{ kind: 'team', teamId: id }]);
    },

    async addToTeam(teamId, competitorIds, coachId, actor) {
      const mayTouch = (owner: string) => owner === coachId;
      for (const some of chunks(competitorIds, MOST_ADDED_AT_ONCE)) {
        const joined = await membersOf.addAll({ teamId, competitorIds: some, actor, mayTouch });
        const onPlatform = joined.filter(({ gamePlatformId }) => gamePlatformId !== null);
        await wakeUpRosters(onPlatform.map(({ id }) => ({ kind: 'roster', competitorId: id })));
      }
      const members = new Set((await teams.byId(teamId, { consistent: true }))?.members);
      return new Set(competitorIds.filter((id) => !members.has(id)));
    },

    async change(id, coachId, patch, actor) {
      for (let attempt = 1; ; attempt += 1) {
        const current = await byId(id);
        if (current === undefined) throw notFound();
        try {
          await update(id, current.version, patch, actor, (owner) => owner === coachId);
          return;
        } catch (error) {
          const again = error instanceof DomainError && error.kind === 'stale' && attempt < CHANGE_ATTEMPTS;
          if (!again) throw error;
        }
      }
    },
    today,
    seasonStart,
    now,
  };
}
