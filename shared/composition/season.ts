import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { isRead } from '#shared/competitors/consent.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { sleepFor, type Clock } from '#shared/kernel/clock.ts';
import { OwnError } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { readingChange } from '#shared/score-sync/score-items.ts';
import { changedBy, rolledOver } from '#shared/season/decide-roll-over.ts';
import type { RollOverWorkerDeps } from '#shared/season/roll-over-worker.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { transactWrite, type Table } from '#shared/table/table.ts';
import type { RosterWakeUp } from '#shared/teams/rosters/roster-entry.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { teamAuditEvents } from '#shared/teams/team-audit-events.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import { withoutMember } from './moves.ts';
import { unlessChanged } from './teams.ts';

/** Somebody else may save settings at the same time. */
const SETTINGS_ATTEMPTS = 5;

/** What the worker of roll-overs needs, on the table. A person is changed in one transaction with what is told of it. */
export function createDynamoRollOver(options: {
  readonly table: Table;
  readonly wakeUpRosters: (wakeUps: readonly RosterWakeUp[]) => Promise<void>;
  readonly now: Clock;
  readonly newId: NewId;
  readonly sleep?: (ms: number) => Promise<void>;
}): RollOverWorkerDeps {
  const { table, wakeUpRosters, now, newId } = options;
  const competitors = createCompetitorRepository(table);
  const teams = createTeamRepository(table);
  const rosters = createRosterRepository(table);
  const activity = createActivityRepository(table);
  const audit = createAuditRepository(table);
  const jobs = createJobRepository(table);
  const settings = createSettingsRepository(table);

  return {
    byIds: (ids) => competitors.byIds(ids, { consistent: true }),
    teamsByIds: (ids) => teams.byIds(ids, { consistent: true }),
    rowsOf: (jobId, subjects) => jobs.rowsOf(jobId, subjects),
    saveRows: (jobId, rows) => jobs.saveRows(jobId, rows),

    async change({ person, decision, leaves, season, actor, at }, jobId, row) {
      const next = rolledOver(person, decision, season, at);
      const { id, coachId } = person;
      const archived = decision.outcome === 'archived';
      const told = teamAuditEvents(
        {
          kind: archived ? 'competitor_archived' : 'competitor_rolled_over',
          action: archived ? 'competitor.archive' : 'competitor.roll_over',
          subject: id,
          coachId,
          competitorId: id,
          details: {
            fields: changedBy(person, decision),
            ...(leaves === null ? {} : { teamId: leaves.id }),
          },
        },
        actor,
        at,
        newId,
      );
      const wish = { at, by: actor.sub, finalRead: isRead(person) };
      return unlessChanged(
        transactWrite(table, [
          ...competitors.updateItems(next),
          ...readingChange(table, person, next),
          ...(leaves === null
            ? [await activity.appendTransaction(told.activity)]
            : [
                rosters.wantTransaction(next, wish),
                teams.changeTransaction(withoutMember(leaves, id, at)),
                ...(await activity.appendTeamEdit(told.activity)),
              ]),
          await audit.appendTransaction(told.audit),
          jobs.rowTransaction(jobId, id, row),
        ]),
      );
    },

    async beginSeason(seasonStart, actor) {
      for (let attempt = 1; attempt <= SETTINGS_ATTEMPTS; attempt += 1) {
        const before = await settings.syncSettings();
        const was = before.program.seasonStart;
        if (was !== null && was >= seasonStart) return;
        const at = now().toISOString();
        const path = 'program.seasonStart';
        const entry = await audit.appendTransaction({
          id: newId('aud'),
          at,
          actor: actor.sub,
          actingAs: actor.actingAs,
          action: 'settings.change',
          subject: 'settings',
          coachId: null,
          requestId: actor.requestId,
          details: {
            fields: [path],
            paths: [path],
            before: [JSON.stringify(was)],
            after: [JSON.stringify(seasonStart)],
          },
        });
        const row = {
          ...before,
          version: before.version + 1,
          changedAt: at,
          changedBy: actor.sub,
          program: { ...before.program, seasonStart },
        };
        if (await settings.save(row, null, [entry])) return;
      }
      throw new OwnError('The settings were changed several times in a row.');
    },

    wakeUp: (ids) => wakeUpRosters(ids.map((competitorId) => ({ kind: 'roster', competitorId }))),
    now,
    sleep: options.sleep ?? sleepFor,
  };
}
